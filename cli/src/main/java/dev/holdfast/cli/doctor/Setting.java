package dev.holdfast.cli.doctor;

/**
 * One line {@code name=value} of pgBackRest's configuration.
 *
 * @param section in which it stands, such as {@code global} or a stanza's name
 * @param name the option
 * @param value what stands behind the equals sign, spaces around it removed, everything else as it is
 * @param file in which file
 * @param line on which line, from 1
 */
record Setting(String section, String name, String value, String file, int line) {

    String place() {
        return file + ":" + line;
    }
}
