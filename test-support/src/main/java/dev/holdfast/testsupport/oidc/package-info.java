/**
 * A real OpenID Connect server for tests. It needs {@code spring-security-oauth2-authorization-server} and {@code
 * spring-boot-tomcat}, which a module that uses it brings itself.
 */
@NullMarked
package dev.holdfast.testsupport.oidc;

import org.jspecify.annotations.NullMarked;
