//! How many pods are asked for their load, and what is made of the answers.
//!
//! Source: knative/serving 1.23, pkg/autoscaler/metrics/{sample_size,stats_scraper,collector}.go.

use super::collector::Stat;
use crate::go;

/// How many of `population` pods are asked each second: enough to know the mean of all to within 5 with a certainty of
/// 95 %, if their variance is 100.
#[must_use]
pub fn sample_size(population: f64) -> f64 {
    /// Of a population without end.
    const UNBOUNDED: f64 = 15.3664;
    if population <= 3.0 {
        return go::max(population, 0.0);
    }
    (population * UNBOUNDED / (population + UNBOUNDED - 1.0)).ceil()
}

/// What `population` pods are held to do, from the answers of a sample of them.
#[must_use]
pub fn extrapolate(answers: &[Stat], population: f64) -> Stat {
    let size = sample_size(population);
    let sum = answers.iter().fold(Stat::default(), |sum, answer| Stat {
        concurrency: sum.concurrency + answer.concurrency,
        proxied_concurrency: sum.proxied_concurrency + answer.proxied_concurrency,
        requests: sum.requests + answer.requests,
        proxied_requests: sum.proxied_requests + answer.proxied_requests,
    });
    Stat {
        concurrency: sum.concurrency / size * population,
        proxied_concurrency: sum.proxied_concurrency / size * population,
        requests: sum.requests / size * population,
        proxied_requests: sum.proxied_requests / size * population,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_populations_are_asked_whole() {
        let sizes = [-1.0, 0.0, 1.0, 3.0, 4.0, 10.0, 100.0, 1e6].map(sample_size);
        assert_eq!(sizes, [0.0, 0.0, 1.0, 3.0, 4.0, 7.0, 14.0, 16.0]);
    }

    #[test]
    fn answers_stand_for_the_pods_that_were_not_asked() {
        let all = extrapolate(&[Stat::of(2.0); 7], 10.0);
        assert_eq!(all.concurrency, 20.0);
    }
}
