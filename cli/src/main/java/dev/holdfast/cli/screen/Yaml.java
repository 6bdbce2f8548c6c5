package dev.holdfast.cli.screen;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;

/** Plain maps and lists as YAML, block style. */
final class Yaml {

    private Yaml() {}

    static String text(@Nullable Object value) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new org.yaml.snakeyaml.Yaml(options).dump(value).stripTrailing();
    }
}
