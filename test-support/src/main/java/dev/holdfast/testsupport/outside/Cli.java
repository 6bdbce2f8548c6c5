package dev.holdfast.testsupport.outside;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testsupport.AppProcess;
import dev.holdfast.testsupport.Command;
import java.util.HashMap;
import java.util.Map;

/** The command line interface, run as an operator runs it: a process per command. */
public final class Cli {

    public static final int DONE = 0;
    public static final int BAD = 1;
    public static final int USAGE = 2;
    public static final int UNREACHABLE = 3;
    public static final int TIMED_OUT = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> environment = new HashMap<>();

    /**
     * @param environment how to reach Kafka and the registry
     * @param catalog the catalog's URL
     * @param scheduler the scheduler's URL
     */
    public Cli(Map<String, String> environment, String catalog, String scheduler) {
        this(environment);
        this.environment.put("HOLDFAST_CATALOG", catalog);
        this.environment.put("HOLDFAST_SCHEDULER", scheduler);
    }

    private Cli(Map<String, String> environment) {
        this.environment.putAll(environment);
    }

    /** What a command left. */
    public record Ended(String command, int exitCode, String stdout, String stderr) {

        /** Standard output, which is one JSON document and nothing else. */
        public JsonNode json() {
            try {
                return JSON.readTree(stdout);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + this, e);
            }
        }
    }

    /** Runs one command to its end. */
    public Ended run(String... arguments) {
        AppProcess.Builder app = AppProcess.of("cli").arguments(arguments);
        environment.forEach(app::env);
        Command.Ended ended = app.run();
        return new Ended("holdfast " + String.join(" ", arguments), ended.exitCode(), ended.stdout(), ended.stderr());
    }

    /** The same interface with one variable set otherwise. */
    public Cli with(String variable, String value) {
        Cli other = new Cli(environment);
        other.environment.put(variable, value);
        return other;
    }
}
