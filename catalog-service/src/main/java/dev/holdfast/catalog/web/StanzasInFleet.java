package dev.holdfast.catalog.web;

import dev.holdfast.catalog.answers.Stanza;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.util.NameTransformer;

/**
 * Writes each stanza of a fleet once, for as long as it is the same object: in page after page nearly all are, for the catalog looks again only at those that
 * something happened to, and to write a thousand takes longer than all else that the answer needs.
 */
final class StanzasInFleet extends ValueSerializer<Stanza> {

    /** As many as the catalog keeps the objects of, about 2 kB each. */
    private static final int MOST = 2_000;

    private final ValueSerializer<Stanza> usual;
    private final Map<String, Written> written = new ConcurrentHashMap<>();

    private StanzasInFleet(ValueSerializer<Stanza> usual) {
        this.usual = usual;
    }

    /** What was written of which object. */
    private record Written(Stanza stanza, SerializableString json) {}

    /** Has a mapper write stanzas so. */
    static final class Module extends SimpleModule {

        private static final long serialVersionUID = 1L;

        Module() {
            super("stanzas in a fleet");
            setSerializerModifier(new Modifier());
        }
    }

    private static final class Modifier extends ValueSerializerModifier {

        private static final long serialVersionUID = 1L;

        @Override
        @SuppressWarnings("unchecked") // it is made for the class that is asked about
        public ValueSerializer<?> modifySerializer(
                SerializationConfig config, BeanDescription.Supplier type, ValueSerializer<?> serializer) {
            return type.getBeanClass() == Stanza.class
                    ? new StanzasInFleet((ValueSerializer<Stanza>) serializer)
                    : serializer;
        }
    }

    @Override
    public void resolve(SerializationContext context) {
        usual.resolve(context);
    }

    @Override
    @SuppressWarnings("unchecked") // of the same class
    public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
        ValueSerializer<?> contextual = usual.createContextual(context, property);
        return contextual == usual ? this : new StanzasInFleet((ValueSerializer<Stanza>) contextual);
    }

    /** Among the fields of another object it is always one that was looked up for this answer. */
    @Override
    public ValueSerializer<Stanza> unwrappingSerializer(NameTransformer names) {
        return usual.unwrappingSerializer(names);
    }

    /** Another object may say the same, but to find that out takes as long as to write it. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public void serialize(Stanza stanza, JsonGenerator json, SerializationContext context) {
        if (!json.streamWriteContext().inArray()) {
            // one alone was looked up for this answer
            usual.serialize(stanza, json, context);
            return;
        }
        Written before = written.get(stanza.stanza());
        if (before == null || before.stanza() != stanza) {
            before = new Written(stanza, write(stanza, context));
            keep(before);
        }
        json.writeRawValue(before.json());
    }

    private void keep(Written latest) {
        if (written.size() >= MOST) {
            written.clear();
        }
        written.put(latest.stanza().stanza(), latest);
    }

    private SerializableString write(Stanza stanza, SerializationContext context) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = context.tokenStreamFactory().createGenerator(context, text)) {
            usual.serialize(stanza, json, context);
        }
        return new SerializedString(text.toString());
    }
}
