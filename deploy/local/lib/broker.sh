# shellcheck shell=bash
# The Kafka broker of the local stack: one KRaft node on loopback with its data in one folder.
# Sourced after jvm.sh and ports.sh; a caller of start_broker has process.sh and home.sh too.

BROKER_STARTED='Kafka Server started'

# broker_settings FOLDER PORT CONTROLLER_PORT > server.properties
broker_settings() {
  cat <<EOF_SETTINGS
# Written by ./holdfast up; changes here are lost.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$3
listeners=PLAINTEXT://127.0.0.1:$2,CONTROLLER://127.0.0.1:$3
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$1/data
# topics are created with the settings of the contract, or not at all
auto.create.topics.enable=false
# one node: every replica is the only one
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# a stack that was down for a month goes on where it was
offsets.retention.minutes=525600
# a dead member is noticed quickly
group.initial.rebalance.delay.ms=0
group.consumer.min.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=1000
# and what it left open in a transaction is ended when its time is up, not up to ten seconds later
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
# the default of 128 MiB does not fit the small heap
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
EOF_SETTINGS
}

# format_broker FOLDER: once; a formatted folder is kept. Kafka 4.2 formats with transaction version 2.
format_broker() {
  [[ ! -e $1/data/meta.properties ]] || return 0
  java_command
  "${COMMAND[@]}" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn kafka.tools.StorageTool format --ignore-formatted \
    --cluster-id "$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | tr -d =)" --config "$1/server.properties"
}

# start_broker FOLDER PORT CONTROLLER_PORT
start_broker() {
  load_app broker
  mkdir -p "$1"
  chmod 0700 "$1"
  broker_settings "$@" >"$1/server.properties"
  format_broker "$1" >"$LOGS/broker-format.log" 2>&1 || {
    tail -n 5 "$LOGS/broker-format.log" >&2
    return 1
  }
  java_command
  spawn broker root "${COMMAND[@]}" kafka.Kafka "$1/server.properties"
}

# train_broker SCRATCH: starts, serves one topic, stops.
train_broker() {
  local broker deadline=$((SECONDS + 60))
  mkdir -p "$1/broker"
  broker_settings "$1/broker" "$(free_port)" "$(free_port)" >"$1/broker/server.properties"
  format_broker "$1/broker"
  java_command
  "${COMMAND[@]:0:1}" "-XX:AOTCacheOutput=$1/broker.aot" "${COMMAND[@]:1}" kafka.Kafka "$1/broker/server.properties" >"$1/broker.log" 2>&1 &
  broker=$!
  until grep -q "$BROKER_STARTED" "$1/broker.log"; do
    if ! kill -0 "$broker" || ((SECONDS >= deadline)); then break; fi
    sleep 0.1
  done
  broker_work "$1" || true
  kill "$broker"
  wait "$broker" || true
  tail -n 20 "$1/broker.log"
}

# The classes of a served request belong into the cache too.
broker_work() {
  local server
  server=$(sed -n 's#^listeners=PLAINTEXT://\([^,]*\),.*#\1#p' "$1/broker/server.properties")
  java_command
  "${COMMAND[@]}" org.apache.kafka.tools.TopicCommand --bootstrap-server "$server" --create --topic training --partitions 2
  "${COMMAND[@]}" org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$server" --topic training <<<training
  timeout 20 "${COMMAND[@]}" org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$server" --topic training --from-beginning --max-messages 1
}
