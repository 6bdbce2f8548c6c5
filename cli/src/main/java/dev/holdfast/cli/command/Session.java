package dev.holdfast.cli.command;

import dev.holdfast.cli.http.Credentials;
import dev.holdfast.cli.http.JsonHttp;
import dev.holdfast.cli.kafka.EventLog;
import dev.holdfast.cli.screen.Console;
import dev.holdfast.cli.settings.Settings;
import dev.holdfast.schemas.KafkaConnection;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a command works with. Nothing is opened before it is asked for: {@code --version} must not pay for a Kafka client.
 *
 * @param console where to write
 * @param environment the process environment
 * @param userHome the user's home folder
 * @param user the operating system's name of the user
 * @param clock for ages and time limits
 * @param options the options of every command; filled in when the arguments are read
 */
public record Session(
        Console console,
        Map<String, String> environment,
        Path userHome,
        String user,
        InstantSource clock,
        GlobalOptions options) {

    /** The session of this process. */
    public static Session ofProcess() {
        return new Session(
                Console.ofProcess(),
                System.getenv(),
                Path.of(System.getProperty("user.home", "/")),
                System.getProperty("user.name", "unknown"),
                InstantSource.system(),
                new GlobalOptions());
    }

    Settings settings() {
        return Settings.resolve(options.asFlags(), options.profile(), environment, userHome);
    }

    JsonHttp catalog() {
        Settings settings = settings();
        return new JsonHttp("the catalog", settings.catalog(), "--catalog", credentials(settings));
    }

    JsonHttp scheduler() {
        Settings settings = settings();
        return new JsonHttp("the scheduler", settings.scheduler(), "--scheduler", credentials(settings));
    }

    private static Credentials credentials(Settings settings) {
        return new Credentials(settings.asEnvironment());
    }

    EventLog eventLog() {
        return EventLog.at(KafkaConnection.from(settings().asEnvironment()));
    }
}
