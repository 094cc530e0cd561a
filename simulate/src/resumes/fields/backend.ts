import { bars, type Field, list } from './field.js';

export const backend: Field = {
  id: 'backend',
  titles:
    bars(`Backend Engineer|Senior Backend Engineer|Software Engineer|Senior Software Engineer|Staff Engineer|Java Developer
    |Python Developer|Go Engineer|Full Stack Developer|Senior Full Stack Engineer|API Developer|Software Developer II|Lead Engineer`),
  verbs:
    bars(`build|design|rewrite|split|extend|maintain|refactor|ship|own|port|prototype|instrument|harden|document|deprecate
    |profile|debug|automate|integrate|replace|consolidate|version|rework|deliver|simplify`),
  things:
    bars(`service|API|gateway|worker|scheduler|event consumer|ledger|rules engine|webhook receiver|batch job|search backend
    |notification service|SDK|admin console|import tool|cache layer|rate limiter|saga coordinator|reporting backend|adapter
    |session store|audit trail|document store|export service|state machine|queue consumer`),
  tools:
    bars(`Java|Kotlin|Spring Boot|Python|Django|FastAPI|Flask|Go|Rust|Node.js|TypeScript|NestJS|PostgreSQL|MySQL|MongoDB|Redis|Kafka
    |RabbitMQ|gRPC|GraphQL|Elasticsearch|DynamoDB|Cassandra|AWS Lambda|SQS|Hibernate|Celery|Ruby on Rails|Elixir|C#|ASP.NET Core
    |OpenAPI|Temporal|NATS|ClickHouse|Docker|Kubernetes|OpenTelemetry`),
  means: list(`
    in {tool} with {other} behind it
    on top of {tool}, with idempotent retries and a dead-letter queue
    using {tool} and an outbox table so that no message is lost
    in {tool}, tested against recorded traffic of the last {n} weeks
    with optimistic locking in {tool} instead of table locks
    as a set of {n} small {tool} modules with contract tests between them
    in {tool}, keeping the old and the new schema side by side for {n} weeks
    by way of {tool} change streams
    with cursor pagination and conditional requests
    in {tool} behind a feature flag, moved over tenant by tenant
    with a two-level cache in {tool}
    on {tool}, partitioned by customer and month
    with signed webhooks and replay protection
    after comparing {tool} with {other} on a week of production load
    using {tool} generics and very little reflection
    with property-based tests that found {n} old defects
    from a single stored procedure of {n},000 lines
    in {tool} with back-pressure all the way to the client
    with field-level encryption for what regulators call sensitive
    by means of {tool} and a nightly comparison of totals`),
  problems:
    bars(`a connection leak|duplicate charges|lost updates|deadlocks at month end|a slow memory leak|clock skew between nodes
    |timeouts under load|stale reads|a thundering herd after deploys|orphaned rows|out-of-order events|hot partitions
    |a wrong rounding of cents|race conditions at checkout|encoding errors in imported names|retries that never stopped`),
  causes:
    bars(`a missing index on a join table|an unbounded thread pool|a default timeout nobody had set|a driver that swallowed errors
    |two services writing the same row|a cache key without the tenant|a nightly job holding locks|an N+1 query in the list view
    |garbage collection pauses|an off-by-one in the paging code|a proxy that closed idle connections early
    |a library upgrade of the week before|time zones stored as text|a retry loop without jitter`),
  lower:
    bars(`p95 latency|p99 latency|database load|error rate|cold start time|memory use|message lag|support escalations
    |duplicate records|cost per request|build time|rollback rate|lock waits|open defects`),
  higher:
    bars(`throughput|cache hit rate|test coverage|requests per second per node|uptime|share of requests answered in time
    |deployment frequency|adoption by other teams|events handled a day`),
  duties: list(`
    Reviewed code of the team every day and paired with juniors on hard changes
    Took part in the on-call rotation and wrote the follow-up for each incident
    Wrote unit, integration and load tests for all new endpoints
    Kept the API documentation current and answered questions of client developers
    Estimated stories with the product owner and split them until they fit a sprint
    Designed REST endpoints and relational schemas for new product features`),
  degrees:
    bars(`BSc Computer Science|MSc Computer Science|BSc Software Engineering|BEng Computer Engineering|BSc Mathematics
    |BSc Information Systems|MEng Software Engineering`),
};
