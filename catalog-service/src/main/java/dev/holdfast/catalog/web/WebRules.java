package dev.holdfast.catalog.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What holds for every answer: security headers, entity tags, how parameters are read. */
@Configuration(proxyBeanMethods = false)
class WebRules implements WebMvcConfigurer {

    /** Everything comes from the catalog itself; nothing may frame it. */
    private static final String CONTENT_SECURITY = "default-src 'self'; img-src 'self' data:; object-src 'none'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters()).addPathPatterns("/api/v1/**");
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(new InstantReader());
    }

    @Bean
    FilterRegistrationBean<Filter> securityHeaders() {
        return new FilterRegistrationBean<>(new SecurityHeaders());
    }

    /** Not for the stream, which never ends. */
    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> entityTags() {
        FilterRegistrationBean<ShallowEtagHeaderFilter> tags = new FilterRegistrationBean<>(new EntityTags());
        tags.addUrlPatterns("/api/v1/*");
        return tags;
    }

    /** An entity tag of every answer of the API but the stream's. */
    private static final class EntityTags extends ShallowEtagHeaderFilter {

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return request.getRequestURI().endsWith("/stream");
        }
    }

    /** Headers of every answer. */
    private static final class SecurityHeaders extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            response.setHeader("Content-Security-Policy", CONTENT_SECURITY);
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader("X-Frame-Options", "DENY");
            response.setHeader("Referrer-Policy", "no-referrer");
            response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
            chain.doFilter(request, response);
        }
    }

    /** Instants with an offset; a date alone or a local time would be a guess. */
    private static final class InstantReader implements Converter<String, Instant> {

        /** Java knows years that no database does. */
        private static final int FIRST_YEAR = 1;

        private static final int LAST_YEAR = 9999;

        @Override
        public Instant convert(String text) {
            // a plus sign that was not encoded arrives as a space
            OffsetDateTime instant = OffsetDateTime.parse(text.strip().replace(' ', '+'));
            if (instant.getYear() < FIRST_YEAR || instant.getYear() > LAST_YEAR) {
                throw new DateTimeException("year %d is out of range".formatted(instant.getYear()));
            }
            return instant.toInstant();
        }
    }
}
