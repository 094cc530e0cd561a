/** What can be measured from outside: counts and times, never whom they are about. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** In Prometheus' text format. */
  text(): Promise<string>;
  contentType: string;
  request(route: string, method: string, status: number, seconds: number): void;
  scan(seconds: number, done: boolean): void;
  /** Asked whenever the text is made. */
  watch(read: () => Promise<Partial<Record<GaugeName, number>>>): void;
}

const gauges = {
  rollcall_intake_waiting_records: 'Records taken over that no scan has read',
  rollcall_intake_waiting_bytes: 'Bytes taken over that no scan has read',
  rollcall_intake_waiting_files: 'Files taken over that no scan has read',
  rollcall_intake_taken_records: 'Records taken over since the start',
  rollcall_intake_taken_bytes: 'Bytes taken over since the start',
  rollcall_queue_waiting: 'Work that waits in the queue',
  rollcall_queue_running: 'Work under way',
  rollcall_queue_failed: 'Work that was given up after several attempts',
  rollcall_store_seconds: 'How long the database took to answer a question without content',
  rollcall_people: 'People on record at the last scan',
  rollcall_result_age_seconds: 'Since the result that is shown was reached',
  rollcall_live_streams: 'Open pages that are told of changes',
} as const;
export type GaugeName = keyof typeof gauges;

export function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'rollcall_http_request_seconds',
    help: 'Requests by route, method and status',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const scans = new Histogram({
    name: 'rollcall_scan_seconds',
    help: 'How long scans took',
    labelNames: ['outcome'] as const,
    buckets: [2, 5, 10, 20, 40, 60, 120, 300, 600, 1800],
    registers,
  });
  new Counter({
    name: 'rollcall_process_cpu_seconds_total',
    help: 'Processor time of the server, its scans left out',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: 'rollcall_process_resident_bytes',
    help: 'Memory of the server, its scans left out',
    registers,
    collect() {
      this.set(process.memoryUsage().rss);
    },
  });
  const set = Object.fromEntries(
    Object.entries(gauges).map(([name, help]) => [name, new Gauge({ name, help, registers })]),
  ) as Record<GaugeName, Gauge>;
  let read: () => Promise<Partial<Record<GaugeName, number>>> = async () => ({});
  return {
    contentType: registry.contentType,
    text: async () => {
      for (const [name, value] of Object.entries(await read())) set[name as GaugeName].set(value);
      return registry.metrics();
    },
    request: (route, method, status, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    scan: (seconds, done) => scans.observe({ outcome: done ? 'done' : 'failed' }, seconds),
    watch: (given) => {
      read = given;
    },
  };
}
