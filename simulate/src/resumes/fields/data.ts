import { bars, type Field, list } from './field.js';

export const data: Field = {
  id: 'data',
  titles:
    bars(`Data Engineer|Senior Data Engineer|Analytics Engineer|Data Analyst|Senior Data Analyst|BI Developer|ETL Developer
    |Data Warehouse Engineer|Product Analyst|Data Platform Engineer|Reporting Analyst|Database Administrator`),
  verbs:
    bars(`build|model|rebuild|automate|own|schedule|clean up|document|partition|backfill|validate|consolidate|migrate|design|tune
    |reconcile|load|publish|curate|orchestrate|standardise|retire|deliver`),
  things:
    bars(`pipeline|data mart|warehouse|data model|dashboard|fact table|ingestion job|metrics layer|data catalogue|quality check
    |feature table|event stream|reverse ETL sync|snapshot history|staging layer|cost report|cohort analysis|funnel report
    |forecast sheet|attribution model|lineage graph|semantic layer|change-data-capture feed|customer table`),
  tools:
    bars(`SQL|Python|dbt|Airflow|Dagster|Spark|PySpark|Snowflake|BigQuery|Redshift|Databricks|Kafka|Flink|Fivetran|Airbyte|Looker|Tableau
    |Power BI|Metabase|DuckDB|PostgreSQL|SQL Server|Oracle|Iceberg|Delta Lake|Trino|Great Expectations|Pandas|Excel|R|SSIS|Glue|Athena|Superset`),
  means: list(`
    in {tool}, scheduled with {other} and tested on every merge
    with incremental models in {tool} that look back {n} days
    from {n} source systems that disagreed on what a customer is
    on {tool} with slowly changing dimensions of type 2
    in {tool}, with row counts and sums compared to the source each night
    with {tool} contracts that stop a load when a column changes its meaning
    by moving {n} spreadsheets and their macros into {tool}
    using {tool} and clustering keys chosen from the query log
    with masked columns for everybody but {n} named people
    as {n} {tool} models with owners and freshness targets
    in {tool}, replayable from any day since launch
    with late events handled by a watermark of {n} hours
    after interviewing {n} teams about the numbers they trusted
    in {tool}, documented so that finance could audit it line by line
    from nightly files to a stream with {tool}
    with definitions agreed in one page that all departments signed
    and handed it over to {tool} users with {n} training sessions`),
  problems:
    bars(`double-counted revenue|a silent drop of rows|late-arriving events|skewed joins|schema drift|unexplained spikes in sign-ups
    |rounding differences with finance|a runaway warehouse bill|stale extracts|broken surrogate keys|missing refunds
    |bots in the traffic numbers|three definitions of churn|time zones mixed in one column`),
  causes:
    bars(`a left join on a non-unique key|a vendor export that changed its separator|an upstream field reused for something else
    |test accounts counted as customers|a backfill that ran twice|daylight saving time|a full refresh nobody needed
    |cross joins hidden in a dashboard|deleted records that were never propagated|a truncated text column|currency left out of a key`),
  lower:
    bars(`warehouse cost|run time|data incidents|time to insight|manual reporting hours|duplicate rows|query time|freshness lag
    |failed loads|ad-hoc requests|month-end effort|storage`),
  higher:
    bars(`forecast accuracy|data freshness|test coverage of models|self-service usage|trust score in the yearly survey
    |share of tables with an owner|match rate|dashboard adoption|rows loaded an hour`),
  duties: list(`
    Wrote SQL for ad-hoc questions of product, marketing and finance
    Reviewed models of colleagues and kept naming rules alive
    Monitored daily loads and fixed failures before the working day
    Documented tables, owners and definitions in the catalogue
    Explained results to non-technical managers in short notes
    Prepared monthly and quarterly reports for the management`),
  degrees:
    bars(`BSc Statistics|BSc Computer Science|MSc Data Science|BSc Information Systems|BSc Economics|MSc Business Analytics
    |BSc Applied Mathematics`),
};
