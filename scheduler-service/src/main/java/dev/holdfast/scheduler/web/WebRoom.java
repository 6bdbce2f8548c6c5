package dev.holdfast.scheduler.web;

import dev.holdfast.events.Producer;
import dev.holdfast.scheduler.policy.PolicyBook;
import dev.holdfast.scheduler.policy.PolicyPen;
import dev.holdfast.scheduler.policy.PolicyVersions;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of this room; the application imports it and gives what it needs. */
@Configuration(proxyBeanMethods = false)
@Import({RequestController.class, PolicyController.class, QueueController.class, Problems.class})
public class WebRoom {

    @Bean
    AdHocRequests adHocRequests(Clock clock, Producer producer) {
        return new AdHocRequests(clock, producer);
    }

    @Bean
    PolicyDesk policyDesk(
            PolicyBook book,
            Producer producer,
            PolicyPen pen,
            HttpServletRequest current,
            BooleanSupplier policiesRead,
            Clock clock) {
        return new PolicyDesk(
                book, new PolicyVersions(clock, producer), pen, new Conditions(current), policiesRead, clock);
    }
}
