package dev.holdfast.catalog.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

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

    /** An entity tag of every answer of the API but the stream's. */
    private static final class EntityTags extends ShallowEtagHeaderFilter {

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return request.getRequestURI().endsWith("/stream");
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
