package dev.holdfast.testsupport;

/** Another process that would have a port; prints whether it was given it. */
final class PortTaker {

    private PortTaker() {}

    /** Begins. */
    public static void main(String[] port) {
        System.out.println(FreePorts.take(Integer.parseInt(port[0])));
    }
}
