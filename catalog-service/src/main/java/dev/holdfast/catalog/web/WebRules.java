package dev.holdfast.catalog.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.JacksonModule;

/** What holds for every answer: entity tags, how parameters are read. */
@Configuration(proxyBeanMethods = false)
class WebRules implements WebMvcConfigurer {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters()).addPathPatterns("/api/v1/**");
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(new InstantReader());
    }

    /** Not for the stream, which never ends. */
    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> entityTags() {
        FilterRegistrationBean<ShallowEtagHeaderFilter> tags = new FilterRegistrationBean<>(new EntityTags());
        tags.addUrlPatterns("/api/v1/*");
        return tags;
    }

    @Bean
    JacksonModule stanzasInFleet() {
        return new StanzasInFleet.Module();
    }

    /** An entity tag of every answer of the API but the stream's. */
    private static final class EntityTags extends ShallowEtagHeaderFilter {

        private static final int CHUNK = 8 * 1024;

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return request.getRequestURI().endsWith("/stream");
        }

        /**
         * Two checksums, which the processor has instructions for: the base class's MD5 took as long as writing the answer did. Who could make two answers
         * alike could change an answer, too.
         */
        @Override
        protected String generateETagHeaderValue(InputStream answer, boolean isWeak) throws IOException {
            CRC32 one = new CRC32();
            CRC32C other = new CRC32C();
            byte[] some = new byte[CHUNK];
            for (int read = answer.read(some); read > 0; read = answer.read(some)) {
                one.update(some, 0, read);
                other.update(some, 0, read);
            }
            return "%s\"%08x%08x\"".formatted(isWeak ? "W/" : "", one.getValue(), other.getValue());
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
