package dev.holdfast.schemas.serde;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that the generated classes may be instantiated. Since 1.12.2 it refuses every class that nobody has vouched
 * for, in readers, writers and the generated builders alike.
 *
 * <p>It poses as a logical type, which no schema uses, because Avro loads those by {@link java.util.ServiceLoader} before
 * it parses its first schema: so the classes can be used by whoever has them on the class path, with Confluent's
 * serializers or none.
 */
public final class TrustedClasses implements LogicalTypes.LogicalTypeFactory {

    private static final String OURS = "dev.holdfast.events.";
    private static final String TYPE_NAME = "dev.holdfast.trusted-classes";

    static {
        var before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(type -> type.getName().startsWith(OURS) || before.isTrusted(type));
    }

    /** For Avro, which loads this class as a service. */
    public TrustedClasses() {
        // the static initializer did it
    }

    @Override
    public LogicalType fromSchema(Schema schema) {
        throw new IllegalArgumentException(TYPE_NAME + " is no logical type for schemas");
    }

    @Override
    public String getTypeName() {
        return TYPE_NAME;
    }

    /** Has an effect once, by loading this class: for a class loader in which Avro does not find its services. */
    static void install() {
        // the static initializer did it
    }
}
