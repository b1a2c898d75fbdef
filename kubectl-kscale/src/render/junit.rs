//! `lint -o junit`: a suite for each file, a case for each object, a failure for each finding.

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::concise::word;
use super::diagnostics::object_name;
use crate::error::Error;
use crate::input::visible;
use crate::lint::{Item, Located, Report};

/// JUnit XML, as Jenkins and GitLab read it. An object without findings is a case that passes; one with several is a case
/// for each of them, since a case has one result.
pub(super) fn xml(report: &Report) -> Result<String, Error> {
    let mut junit = Junit::new("kscale lint");
    for problem in &report.unreadable {
        let name = visible(&problem.source).into_owned();
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(visible(&problem.to_string()).into_owned());
        status.set_type("unreadable");
        let mut suite = TestSuite::new(name.clone());
        suite.add_test_case(TestCase::new(name, status));
        junit.add_test_suite(suite);
    }
    for items in report
        .items
        .chunk_by(|a, b| std::sync::Arc::ptr_eq(&a.source, &b.source))
    {
        let Some(first) = items.first() else { continue };
        let mut suite = TestSuite::new(visible(first.source.name()).into_owned());
        for item in items {
            suite.add_test_cases(cases(item));
        }
        junit.add_test_suite(suite);
    }
    junit.to_string().map_err(|error| Error::output(&error))
}

fn cases(item: &Item) -> Vec<TestCase> {
    let name = visible(&object_name(item)).into_owned();
    let mut cases: Vec<TestCase> = item
        .findings()
        .map(|located| failed(item, located, &name))
        .collect();
    if cases.is_empty() {
        cases.push(TestCase::new(name, TestCaseStatus::success()));
    }
    for case in &mut cases {
        case.set_classname(visible(item.source.name()).into_owned());
    }
    cases
}

fn failed(item: &Item, located: &Located, name: &str) -> TestCase {
    let finding = &located.finding;
    let (_, severity) = word(finding.severity);
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(severity);
    status.set_message(visible(&finding.message).into_owned());
    let (line, column) = (located.mark.line, located.mark.column);
    let mut text = format!(
        "{}:{line}:{column}: {severity} {} {}",
        visible(item.source.name()),
        finding.code,
        visible(&finding.message)
    );
    for part in [Some(&finding.help), finding.docs.as_ref()]
        .into_iter()
        .flatten()
    {
        if !part.is_empty() {
            text.push('\n');
            text.push_str(&visible(part));
        }
    }
    status.set_description(text);
    TestCase::new(format!("{name}: {} {}", finding.code, finding.slug), status)
}
