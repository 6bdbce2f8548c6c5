# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files that this one is sourced with
# Trimmed Java runtimes: for a host without Java (runner-service/host) and for the images. Sourced after .mvn/find-jdk.sh and find_jdk.

# What the services' libraries find by name, beside all of java.se: memory and file handles for the metrics, Kafka's SASL, brokers that are
# named by SRV, what Kafka reaches below Java, the runner's web server, jars as file systems, flight recordings for finding out what is slow.
SERVICE_MODULES=java.se,jdk.charsets,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs

# link_runtime FOLDER MODULES [ARGUMENT...]: makes FOLDER a Java runtime of just these modules, with a class-data archive of its own. Not --strip-debug:
# that wants objcopy, which a bare Debian lacks, and the JDK's own libraries have no symbols left.
link_runtime() {
  "$JAVA_HOME/bin/jlink" --add-modules "$2" --strip-java-debug-attributes --no-header-files --no-man-pages --generate-cds-archive --output "$1" "${@:3}"
}
