/**
 * What is held against the manifests. No cluster can be had in the build, so {@link dev.holdfast.kubernetes.Manifests} are checked as the
 * text that {@code kubectl kustomize} prints: against the schemas of their makers, and against rules of our own.
 */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kubernetes;
