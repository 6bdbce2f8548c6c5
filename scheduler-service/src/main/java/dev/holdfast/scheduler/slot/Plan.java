package dev.holdfast.scheduler.slot;

import dev.holdfast.events.BackupSchedule;
import dev.holdfast.events.RestoreTestSchedule;
import dev.holdfast.events.SlotKind;
import dev.holdfast.scheduler.cron.CronSchedule;

/** One schedule of a policy that goes by the clock. */
public sealed interface Plan {

    /** The schedule's name, unique in its policy. */
    String name();

    /** When it is due. */
    CronSchedule cron();

    /** What it asks for. */
    SlotKind kind();

    /** Makes backups. */
    record Backup(BackupSchedule schedule, CronSchedule cron) implements Plan {
        @Override
        public String name() {
            return schedule.getName();
        }

        @Override
        public SlotKind kind() {
            return SlotKind.BACKUP;
        }
    }

    /** Makes restore tests. */
    record Test(RestoreTestSchedule schedule, CronSchedule cron) implements Plan {
        @Override
        public String name() {
            return schedule.getName();
        }

        @Override
        public SlotKind kind() {
            return SlotKind.RESTORE_TEST;
        }
    }
}
