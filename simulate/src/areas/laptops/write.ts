import { join } from 'node:path';
import type { City } from '../../cities.js';
import { kilometres } from '../../cities.js';
import { managedLaptops } from '../../exports/laptops.js';
import { csvLine, Output } from '../../files.js';
import type { Network } from '../../networks.js';
import { homeOn, type Person } from '../../person.js';
import { homeNetwork } from '../../plans.js';
import type { Random } from '../../random.js';
import { plant } from '../../rings/planted.js';
import { compare } from '../../text.js';
import { DAY, HOUR, iso, isoSeconds, isWeekend } from '../../time.js';
import type { World } from '../../world.js';
import { visitsOf } from './things.js';

/** Once a week a script on each laptop reports where it is, as far as it is let know. */
export async function writeLocations(world: World, folder: string): Promise<void> {
  const output = new Output(join(folder, 'devices', 'location-reports.csv'));
  output.line(
    'Serial Number,Device Name,Time,Latitude,Longitude,Accuracy (m),Source,City,Region,Country,Public IP',
  );
  for (const { person, device, lastSeen } of managedLaptops(world)) {
    const random = world.random('locations', person.index);
    const far: number[] = [];
    let near = false;
    for (let week = world.from; week <= lastSeen; week += 7 * DAY) {
      const some = week + random.int(0, 6) * DAY;
      const day = isWeekend(some) ? some + 2 * DAY : some;
      if (day > lastSeen || day < (person.startedAt as number) || person.off.has(day)) continue;
      const time = day + random.int(13, 21) * HOUR + random.int(0, 3_500_000);
      const { city, network } = placeOf(person, day, random);
      const off = device.locationOff !== undefined && time >= device.locationOff;
      // A laptop on a cable, or far from any Wi-Fi that is known, falls back on its address.
      const byAddress = device.wired || random.chance(0.06);
      const at = byAddress ? network.city : city;
      const spot = byAddress ? { lat: at.lat, lon: at.lon } : cornerOf(world, person, at);
      output.line(
        csvLine([
          device.serial,
          device.hostname,
          isoSeconds(time),
          ...(off
            ? ['', '', '', '', '', '', '']
            : [
                spot.lat.toFixed(4),
                spot.lon.toFixed(4),
                byAddress ? 50_000 : random.int(14, 120),
                byAddress ? 'IP address' : 'Wi-Fi',
                at.name,
                at.region,
                at.country,
              ]),
          network.ip,
        ]),
      );
      if (off || byAddress) continue;
      if (kilometres(spot, homeOn(person, world.asOf).address.city) <= 100) near = true;
      else far.push(time);
    }
    const shown = far.find((time, i) => i >= 4 && time >= (far[0] as number) + 22 * DAY);
    if (person.ring && !near && shown !== undefined) plant(world, person, 'EP-11', shown);
    await output.drain();
  }
  await output.close();
}

/** Where the laptop stands on a day, and the line it goes out by. */
function placeOf(person: Person, day: number, random: Random): { city: City; network: Network } {
  const stay = person.stays.find((one) => day > one.from && day < one.to);
  if (stay) return { city: stay.network.city, network: stay.network };
  const { elsewhere, office } = person.habits;
  if (elsewhere && random.chance(elsewhere.share))
    return { city: elsewhere.network.city, network: elsewhere.network };
  if (office && random.chance(office.share))
    return { city: office.office.network.city, network: office.office.network };
  return {
    city: (person.base ?? homeOn(person, day)).address.city,
    network: homeNetwork(person, day, random),
  };
}

/** Somebody's own corner of a town, the same every time. */
function cornerOf(world: World, person: Person, city: City): { lat: number; lon: number } {
  const random = world.random('corner', person.base ? 'base' : 'home', person.index, city.name);
  return { lat: city.lat + random.between(-0.09, 0.09), lon: city.lon + random.between(-0.09, 0.09) };
}

/** The notes of remote-access programs, line by line as Filebeat sends them on. */
export async function writeRemoteAccessLogs(world: World, folder: string): Promise<void> {
  const output = new Output(join(folder, 'remote-access', 'filebeat.ndjson'));
  const visits = [...visitsOf(world)].sort(
    (a, b) => a.time - b.time || compare(a.person.login, b.person.login),
  );
  let offset = 0;
  for (const visit of visits) {
    const { device } = visit.person;
    if (!device?.managed || !world.logged(visit.time)) continue;
    const [file, message] = line(visit, device.os === 'windows', device.localUser);
    output.line(
      JSON.stringify({
        '@timestamp': iso(visit.time + 70_000),
        host: { name: device.hostname.toLowerCase(), hostname: device.hostname, os: { platform: device.os } },
        agent: { type: 'filebeat', version: '8.17.4', name: device.hostname },
        input: { type: 'filestream' },
        log: { offset, file: { path: file } },
        message,
        ecs: { version: '8.0.0' },
      }),
    );
    offset += message.length + 2;
    await output.drain();
  }
  await output.close();
}

function line(
  visit: ReturnType<typeof visitsOf>[number],
  windows: boolean,
  user: string,
): [file: string, message: string] {
  if (visit.tool === 'AnyDesk') {
    const stamp = iso(visit.time);
    return [
      windows
        ? 'C:\\ProgramData\\AnyDesk\\connection_trace.txt'
        : `/Users/${user}/.anydesk/connection_trace.txt`,
      `Incoming    ${stamp.slice(0, 10)}, ${stamp.slice(11, 16)}    ${visit.way.padEnd(34)}${visit.visitor}    ${visit.visitor}`,
    ];
  }
  const when = (time: number) => {
    const stamp = iso(time);
    return `${stamp.slice(8, 10)}-${stamp.slice(5, 7)}-${stamp.slice(0, 4)} ${stamp.slice(11, 19)}`;
  };
  const id = `{${visit.visitor.padStart(8, '0').slice(-8)}-0000-4000-8000-${String(visit.time).slice(-12).padStart(12, '0')}}`;
  return [
    windows
      ? 'C:\\Program Files\\TeamViewer\\Connections_incoming.txt'
      : '/Library/Logs/TeamViewer/Connections_incoming.txt',
    [
      visit.visitor,
      'DESKTOP',
      when(visit.time),
      when(visit.time + visit.minutes * 60_000),
      user,
      'RemoteControl',
      id,
    ].join('\t'),
  ];
}
