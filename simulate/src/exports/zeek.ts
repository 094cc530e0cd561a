import { join } from 'node:path';
import { Output } from '../files.js';
import { DAY, HOUR, isWeekend } from '../time.js';
import type { World } from '../world.js';

/** A network sensor in the main office: some connections and name lookups of a few weeks, as Zeek's own tables. */
export async function writeZeek(world: World, folder: string): Promise<void> {
  const connections = new Output(join(folder, 'zeek', 'conn.log'));
  const lookups = new Output(join(folder, 'zeek', 'dns.log'));
  const random = world.random('zeek');
  const begin = Math.max(world.from, world.asOf - 20 * DAY);
  const head = (path: string, fields: string, types: string) => {
    const opened = new Date(begin).toISOString().slice(0, 19).replaceAll(/[:T]/g, '-');
    return `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t${path}\n#open\t${opened}\n#fields\t${fields}\n#types\t${types}`;
  };
  connections.line(
    head(
      'conn',
      'ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\tip_proto',
      'time\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]\tcount',
    ),
  );
  lookups.line(
    head(
      'dns',
      'ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\trtt\tquery\tqclass\tqclass_name\tqtype\tqtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected',
      'time\tstring\taddr\tport\taddr\tport\tenum\tcount\tinterval\tstring\tcount\tstring\tcount\tstring\tcount\tstring\tbool\tbool\tbool\tbool\tcount\tvector[string]\tvector[interval]\tbool',
    ),
  );
  const names = [
    'larkspur.okta.com',
    'github.com',
    'slack.com',
    'zoom.us',
    'www.example.com',
    'docs.google.com',
    'update.example.net',
    'router5.teamviewer.com',
  ];
  for (let day = begin; day <= world.asOf; day += DAY) {
    if (isWeekend(day)) continue;
    const times = Array.from({ length: 30 }, () => day + 14 * HOUR + random.int(0, 9 * HOUR)).sort(
      (a, b) => a - b,
    );
    for (const time of times) {
      const ts = `${Math.floor(time / 1000)}.${String(time % 1000).padStart(3, '0')}${random.digits(3)}`;
      const host = `10.32.0.${random.int(20, 90)}`;
      const name = random.weighted(names.map((one, i) => [one, i === names.length - 1 ? 0.2 : 3] as const));
      const address = `198.51.100.${random.int(100, 180)}`;
      lookups.line(
        [
          ts,
          `C${random.token(17)}`,
          host,
          random.int(30000, 60000),
          '10.32.0.1',
          53,
          'udp',
          random.int(1, 65535),
          '0.012417',
          name,
          1,
          'C_INTERNET',
          1,
          'A',
          0,
          'NOERROR',
          'F',
          'F',
          'T',
          'T',
          0,
          address,
          '300.000000',
          'F',
        ].join('\t'),
      );
      const [sent, received] = [random.int(800, 40_000), random.int(2_000, 900_000)];
      connections.line(
        [
          ts,
          `C${random.token(17)}`,
          host,
          random.int(30000, 60000),
          address,
          443,
          'tcp',
          'ssl',
          random.between(0.2, 240).toFixed(6),
          sent,
          received,
          'SF',
          'T',
          'F',
          0,
          'ShADadFf',
          20,
          sent + 1000,
          40,
          received + 2000,
          '-',
          6,
        ].join('\t'),
      );
    }
    await connections.drain();
    await lookups.drain();
  }
  const closed = new Date(world.asOf + DAY).toISOString().slice(0, 19).replaceAll(/[:T]/g, '-');
  connections.line(`#close\t${closed}`);
  lookups.line(`#close\t${closed}`);
  await connections.close();
  await lookups.close();
}
