# shellcheck shell=bash
# The catalog's figures: each a program of its own (dev.holdfast.bench.catalog) with its own broker, registry and PostgreSQL, which end with it.

# catalog_figure NAME ARGUMENT...
catalog_figure() {
  # as the build does for tests: publish on loopback, ask no registry for helper images
  TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 TESTCONTAINERS_CHECKS_DISABLE=true TESTCONTAINERS_RYUK_DISABLED=true \
    "$JAVA_HOME/bin/java" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED "-Dholdfast.root=$ROOT" -Dlogback.configurationFile="$HERE/lib/logback.xml" \
    -cp "$ROOT/bench/target/app/bench.jar:$ROOT/bench/target/app/lib/*" dev.holdfast.bench.catalog.CatalogFigures "$1" "$SCRATCH" "${@:2}" &
  spare $!
  wait $!
}

ROWS=${BENCH_ROWS:-300000} KEEP=${BENCH_KEEP:-}

# need PROGRAM PACKAGE
need() { command -v "$1" >/dev/null || die "$1 is not installed" "apt-get install $2"; }

measure_P6() {
  debezium_sink
  catalog_figure P6 "${BENCH_LIVES:-40000}" "${BENCH_ROUNDS:-3}" "$ROOT/bench/target/debezium"
}

# debezium_sink: Kafka Connect and the sink, from Maven Central, once.
debezium_sink() {
  [[ ! -e $ROOT/bench/target/debezium/.complete ]] || return 0
  step "fetching Debezium's JDBC sink from Maven Central" >&2
  "$ROOT/mvnw" -B -ntp -q -f "$HERE/debezium/pom.xml" dependency:copy-dependencies "-DoutputDirectory=$ROOT/bench/target/debezium"
  : >"$ROOT/bench/target/debezium/.complete"
}

measure_P7() { catalog_figure P7 "${BENCH_LIVES:-153000}"; }

measure_P8() {
  need wrk wrk
  need pgbench postgresql-15
  catalog_figure P8 "$ROWS" "$KEEP" "${BENCH_SECONDS:-2}"
}

measure_P8S() { catalog_figure P8S "$(default_class_path)" "${BENCH_STARTS:-3}"; }

measure_P9() { catalog_figure P9 "$ROWS" "$KEEP"; }

measure_P10() { catalog_figure P10 "$ROWS" "$KEEP"; }

measure_R5() { catalog_figure R5 "${BENCH_REQUESTS:-100000}"; }

measure_R5M() { catalog_figure R5M "${BENCH_LIVES:-153000}"; }

measure_R6C() { catalog_figure R6 "${BENCH_KILLS:-20}"; }

measure_R9() { catalog_figure R9 "${BENCH_FACTS:-1000}"; }

measure_R10() { catalog_figure R10 "${BENCH_SHUFFLES:-20}" "${BENCH_LIVES:-5000}"; }
