package dev.holdfast.cli.screen;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;

/** Plain maps and lists as YAML, block style. */
public final class Yaml {

    private Yaml() {}

    /** The text, without a line end after it. */
    public static String text(@Nullable Object value) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new org.yaml.snakeyaml.Yaml(options).dump(value).stripTrailing();
    }
}
