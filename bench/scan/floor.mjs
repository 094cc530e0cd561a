// What DuckDB alone needs: the same file into Parquet, the same columns, the raw record kept. Nothing else.
import { DuckDBInstance } from '@duckdb/node-api';

const [source, target, memory] = process.argv.slice(2);
const shape = JSON.stringify({
  uuid: 'VARCHAR',
  published: 'VARCHAR',
  eventType: 'VARCHAR',
  displayMessage: 'VARCHAR',
  actor: { id: 'VARCHAR', type: 'VARCHAR', alternateId: 'VARCHAR', displayName: 'VARCHAR' },
  client: {
    device: 'VARCHAR',
    ipAddress: 'VARCHAR',
    userAgent: { rawUserAgent: 'VARCHAR' },
    geographicalContext: {
      city: 'VARCHAR',
      state: 'VARCHAR',
      country: 'VARCHAR',
      geolocation: { lat: 'DOUBLE', lon: 'DOUBLE' },
    },
  },
  outcome: { result: 'VARCHAR', reason: 'VARCHAR' },
  securityContext: { asNumber: 'BIGINT', asOrg: 'VARCHAR', isp: 'VARCHAR', isProxy: 'BOOLEAN' },
  authenticationContext: { externalSessionId: 'VARCHAR' },
  debugContext: { debugData: { dtHash: 'VARCHAR', tunnels: 'VARCHAR' } },
  target: [{ id: 'VARCHAR', type: 'VARCHAR', alternateId: 'VARCHAR', displayName: 'VARCHAR' }],
});
const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: memory,
  threads: '2',
  temp_directory: `${target}.spill`,
});
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");
const started = performance.now();
await connection.run(`COPY (
  SELECT r.uuid AS uid, CAST(try_cast(r.published AS TIMESTAMPTZ) AS TIMESTAMP) AS time, 'okta' AS source, r.eventType AS activity, r.eventType AS action,
    r.outcome.result AS outcome, lower(r.actor.alternateId) AS account, r.debugContext.debugData.dtHash AS device_token,
    r.authenticationContext.externalSessionId AS session_id, r.client.ipAddress AS src_ip, r.client.geographicalContext.country AS src_country,
    r.client.geographicalContext.state AS src_region, r.client.geographicalContext.city AS src_city, r.client.geographicalContext.geolocation.lat AS src_lat,
    r.client.geographicalContext.geolocation.lon AS src_lon, r.securityContext.asNumber AS src_asn, r.securityContext.asOrg AS src_as_org,
    r.securityContext.isProxy AS src_network, r.client.userAgent.rawUserAgent AS user_agent, r.target[1].displayName AS target, r.target[1]."type" AS target_kind,
    coalesce(r.outcome.reason, r.displayMessage) AS detail, CAST(json AS VARCHAR) AS raw
  FROM (SELECT json, json_transform(json, '${shape}') AS r FROM read_ndjson_objects('${source}'))
) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`);
const seconds = (performance.now() - started) / 1000;
connection.closeSync();
console.log(JSON.stringify({ seconds, maxRssMiB: process.resourceUsage().maxRSS / 1024 }));
