import { bars, type Field, list } from './field.js';

export const quality: Field = {
  id: 'quality',
  titles:
    bars(`QA Engineer|Senior QA Engineer|Test Automation Engineer|SDET|QA Lead|Software Tester|Performance Test Engineer|Quality Analyst
    |Manual Tester|Test Manager`),
  verbs:
    bars(`automate|write|design|build|plan|own|run|introduce|stabilise|rework|prioritise|execute|maintain|extend|script|document|shorten
    |parallelise|record|seed`),
  things:
    bars(`regression suite|test framework|load test|smoke test|test plan|API test suite|device lab|test data generator|release checklist
    |exploratory charter|acceptance suite|contract tests|bug triage|coverage report|visual test suite|mobile test suite|test environment
    |traceability matrix|nightly run|defect taxonomy|usability session|chaos experiment`),
  tools:
    bars(`Selenium|Playwright|Cypress|Appium|Postman|REST Assured|JUnit|TestNG|pytest|Cucumber|Gatling|k6|JMeter|Jenkins|Jira|Xray|TestRail
    |BrowserStack|Java|Python|JavaScript|SQL|Docker|Espresso|XCUITest|Charles Proxy|Robot Framework|Karate|Allure|WireMock`),
  means: list(`
    in {tool} with page objects shared by {n} squads
    with {tool}, cut from {n} hours to a coffee break
    using {tool} and synthetic customers instead of copied production data
    in {tool}, run on every pull request and sharded over {n} machines
    from requirements that auditors could follow to the single step
    with {tool} mocks for {n} partners who had no sandbox
    on {n} real devices and the oldest system still supported
    by quarantining flaky tests and fixing {n} of them a week
    in {tool} with scenarios the business analysts write themselves
    around the {n} journeys that bring most of the revenue
    with {tool} at three times the peak of last winter
    and taught {n} manual testers to extend it
    with {tool} reports that name the commit to look at
    after sorting {n}00 old cases into keep, merge and drop
    with boundary cases taken from {n} years of incidents`),
  problems:
    bars(`flaky selectors|tests that passed for the wrong reason|missing negative cases|shared accounts in parallel runs
    |unreproducible defects|slow feedback after merge|untested upgrade paths|wrong totals on printed forms|accessibility regressions
    |broken rollbacks|environments out of step|stale fixtures`),
  causes:
    bars(`fixed sleeps|test data reused across runs|an order dependency between cases|a mock older than the API it stood for
    |requirements nobody had read together|animation that moved buttons|a shared staging database|locale settings of the build agent
    |a feature flag left on|missing seeds in random data`),
  lower:
    bars(`escaped defects|regression time|flaky test rate|reopened tickets|release delay|manual test effort|time to reproduce
    |hotfixes per release|blocked test days|duplicate bug reports`),
  higher:
    bars(`automation coverage|pass rate|defects found before release|releases per month|requirements coverage|customer acceptance at first try
    |tests per hour|confidence of the release board`),
  duties: list(`
    Wrote test cases from user stories and reviewed them with developers
    Logged, reproduced and followed up defects in the tracker
    Took part in sprint planning, refinement and retrospectives
    Executed functional, regression and smoke tests before each release
    Reported test progress and risks to the project manager
    Verified fixes across browsers, devices and languages`),
  degrees: bars(
    `BSc Computer Science|BSc Information Technology|BA English|Diploma in Software Testing|BSc Physics|BEng Electronics`,
  ),
};
