package dev.holdfast.catalog.traces;

import dev.holdfast.catalog.history.LogRecord;
import dev.holdfast.catalog.history.ProjectionWatcher;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A span for each event that came with a {@code traceparent}: a child of what its producer was doing, from when the log took the record until the catalog
 * answers with it. A collector that is away costs spans, never events.
 */
public final class OtlpTraces implements ProjectionWatcher, AutoCloseable {

    /** Older events are history that is being read again; their traces are closed. */
    private static final Duration NEWS = Duration.ofHours(1);

    private static final int TRACE_ID = 3;
    private static final int SPAN_ID = TRACE_ID + 32 + 1;
    private static final int FLAGS = SPAN_ID + 16 + 1;

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final Clock clock;

    /**
     * Connects when there is something to tell.
     *
     * @param collector base address of the collector, such as {@code http://collector:4318}
     * @param headers sent with each request, such as a key
     */
    public OtlpTraces(URI collector, Map<String, String> headers, Clock clock) {
        OtlpHttpSpanExporterBuilder exporter =
                OtlpHttpSpanExporter.builder().setEndpoint(collector.toString().replaceFirst("/+$", "") + "/v1/traces");
        headers.forEach(exporter::addHeader);
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.builder()
                                .put("service.name", "holdfast-catalog")
                                .build()))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter.build()).build())
                .build();
        this.tracer = provider.get("dev.holdfast.catalog");
        this.clock = clock;
    }

    @Override
    public void projected(List<LogRecord> records) {
        Instant now = clock.instant();
        for (LogRecord record : records) {
            if (record instanceof LogRecord.Event event
                    && event.traceparent().isPresent()
                    && event.position().recordedAt().plus(NEWS).isAfter(now)) {
                tell(event, event.traceparent().get(), now);
            }
        }
    }

    private void tell(LogRecord.Event event, String traceparent, Instant now) {
        Instant recorded = event.position().recordedAt();
        Span span = tracer.spanBuilder("project " + event.type())
                .setParent(Context.root().with(Span.wrap(context(traceparent))))
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(recorded)
                .startSpan();
        span.setAttribute("messaging.system", "kafka");
        span.setAttribute("messaging.destination.name", event.position().topic());
        span.setAttribute(
                "messaging.destination.partition.id",
                String.valueOf(event.position().partition()));
        span.setAttribute(
                AttributeKey.longKey("messaging.kafka.offset"), event.position().offset());
        span.setAttribute("holdfast.event.id", event.eventId().toString());
        event.subject().stanza().ifPresent(stanza -> span.setAttribute("holdfast.stanza", stanza));
        event.subject().requestId().ifPresent(id -> span.setAttribute("holdfast.request.id", id.toString()));
        event.subject().testId().ifPresent(id -> span.setAttribute("holdfast.test.id", id.toString()));
        // clocks differ: the broker's may be ahead of this one
        span.end(now.isBefore(recorded) ? recorded : now);
    }

    /** Of W3C's form, as the intake has seen to. */
    private static SpanContext context(String traceparent) {
        return SpanContext.createFromRemoteParent(
                traceparent.substring(TRACE_ID, SPAN_ID - 1),
                traceparent.substring(SPAN_ID, FLAGS - 1),
                TraceFlags.fromHex(traceparent, FLAGS),
                TraceState.getDefault());
    }

    /** Sends what is left, for a few seconds at most. */
    @Override
    public void close() {
        provider.close();
    }
}
