import { join } from 'node:path';
import type { Device, Program, UsbDevice } from '../devices.js';
import { edidOf } from '../edid.js';
import { Output } from '../files.js';
import type { Happening } from '../happenings.js';
import type { Network } from '../networks.js';
import type { Person } from '../person.js';
import { worksOn } from '../person.js';
import { homeNetwork } from '../plans.js';
import type { Random } from '../random.js';
import { DAY, HOUR } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** osquery's results log: snapshots every few weeks, changes as they come. */
export class OsqueryLog implements Log {
  readonly #world: World;
  readonly #output: Output;
  /** Laptops that still owe their first snapshot. */
  readonly #known = new Set<Device>();
  #lines = 0;

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#output = new Output(join(folder, 'osquery', 'results.log'));
  }

  take(happening: Happening): void {
    if (happening.kind === 'program') {
      const { device, program, time } = happening;
      this.#known.add(device);
      this.#change(device, time, device.os === 'macos' ? 'apps' : 'programs', programRow(device, program));
      if (program.process)
        this.#change(
          device,
          time + 30_000,
          'processes',
          processRow(device, program, this.#world.random('pid', happening.person.index, time)),
        );
    } else if (happening.kind === 'usb' && happening.device.os === 'macos') {
      this.#change(happening.device, happening.time, 'usb_devices', usbRow(happening.usb, 9));
    }
  }

  endDay(day: number): void {
    for (const person of this.#world.people) {
      const { device } = person;
      if (!device?.managed || !worksOn(person, day)) continue;
      const turn = (day / DAY + person.index) % 14;
      if (turn === 0) this.#networkLines(person, device, day);
      if (turn === 0) this.#location(person, device, day);
      const first = person.startedAt !== undefined && day === Math.max(person.startedAt, this.#world.from);
      if (first || (turn === 0 && (day / DAY + person.index) % 42 === 0))
        this.#snapshots(person, device, day);
    }
  }

  drain(): Promise<void> {
    return this.#output.drain();
  }

  close(): Promise<void> {
    return this.#output.close();
  }

  #networkLines(person: Person, device: Device, day: number): void {
    const random = this.#world.random('osquery', person.index, day);
    const stay = person.stays.find((one) => day > one.from && day < one.to);
    const network: Network =
      stay?.network ??
      (person.habits.elsewhere && random.chance(person.habits.elsewhere.share)
        ? person.habits.elsewhere.network
        : homeNetwork(person, day, random));
    const { local } = network;
    if (!local) return;
    const time = day + random.int(13, 20) * HOUR + random.int(0, 3_000_000);
    const own = `${local.lan}.${random.int(20, 200)}`;
    this.#snapshot(device, time, 'arp_cache', [
      {
        address: local.gatewayIp,
        mac: local.gatewayMac,
        interface: device.os === 'macos' ? 'en0' : '12',
        permanent: '0',
      },
      {
        address: `${local.lan}.${random.int(201, 240)}`,
        mac: `5e:7d:11:${random.hex(2)}:${random.hex(2)}:${random.hex(2)}`,
        interface: device.os === 'macos' ? 'en0' : '12',
        permanent: '0',
      },
    ]);
    this.#snapshot(device, time + 1000, 'routes', [
      {
        destination: '0.0.0.0',
        netmask: '0',
        gateway: local.gatewayIp,
        source: own,
        flags: '2051',
        interface: device.os === 'macos' ? 'en0' : '12',
        mtu: '1500',
        metric: '0',
        type: 'gateway',
        hopcount: '0',
      },
    ]);
    // The Wi-Fi table exists on macOS only.
    if (device.os === 'macos' && !device.wired) {
      this.#snapshot(device, time + 2000, 'wifi_status', [
        {
          interface: 'en0',
          ssid: local.ssid,
          bssid: local.bssid,
          network_name: '',
          country_code: network.city.country,
          security_type: 'WPA2 Personal',
          rssi: String(-random.int(40, 72)),
          noise: '-92',
          channel: '44',
          channel_width: '80',
          channel_band: '2',
          transmit_rate: '866',
          mode: '1',
        },
      ]);
      if (person.ring) this.#world.saw(person, 'local', local.bssid, time + 2000);
    }
    if (person.ring) this.#world.saw(person, 'local', local.gatewayMac, time);
  }

  /** Whether the laptop says where it is: a table on macOS, a value of the registry on Windows. */
  #location(person: Person, device: Device, day: number): void {
    const time = day + 12 * HOUR + ((person.index * 7919) % 3_000_000);
    const on = device.locationOff === undefined || time < device.locationOff;
    if (device.os === 'macos') {
      this.#snapshot(device, time, 'location_services', [{ enabled: on ? '1' : '0' }]);
      return;
    }
    const key =
      'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\CapabilityAccessManager\\ConsentStore\\location';
    this.#snapshot(device, time, 'location_consent', [
      {
        key,
        path: `${key}\\Value`,
        name: 'Value',
        type: 'REG_SZ',
        data: on ? 'Allow' : 'Deny',
        mtime: String(Math.floor(device.enrolled / 1000)),
      },
    ]);
  }

  #snapshots(person: Person, device: Device, day: number): void {
    const random = this.#world.random('osquery-snapshot', person.index, day);
    let time = day + random.int(9, 21) * HOUR + random.int(0, 3_000_000);
    const next = () => (time += 1000);
    const programs = device.programs.filter((one) => one.at <= time);
    this.#snapshot(
      device,
      next(),
      device.os === 'macos' ? 'apps' : 'programs',
      programs.map((one) => programRow(device, one)),
    );
    if (device.os === 'macos') {
      this.#snapshot(device, next(), 'usb_devices', device.usb.filter((one) => one.at <= time).map(usbRow));
      this.#snapshot(device, next(), 'connected_displays', [
        {
          name: 'Color LCD',
          product_id: 'a050',
          vendor_id: '610',
          serial_number: 'fd626d62',
          connection_type: 'Internal',
          display_id: '1',
          main: '1',
          online: '1',
          mirror: '0',
          pixels: '3024 x 1964',
          resolution: '1512 x 982 @ 120.00Hz',
          manufactured_week: '',
          manufactured_year: '',
          rotation: '0',
          display_type: 'Built-in Retina',
          ambient_brightness_enabled: '1',
        },
        ...device.displays.map((one, i) => ({
          name: one.name,
          product_id: one.productId,
          vendor_id: one.vendorId,
          serial_number: one.serial,
          connection_type: '',
          display_id: String(2 + i),
          main: '0',
          online: '1',
          mirror: '0',
          pixels: '3840 x 2160',
          resolution: '3840 x 2160 @ 60.00Hz',
          manufactured_week: '22',
          manufactured_year: '2023',
          rotation: '0',
          display_type: '',
          ambient_brightness_enabled: '0',
        })),
      ]);
      const on = (value: boolean) => (value ? '1' : '0');
      this.#snapshot(device, next(), 'sharing_preferences', [
        {
          screen_sharing: on(device.screenSharing),
          file_sharing: '0',
          printer_sharing: '0',
          remote_login: on(device.remoteLogin),
          remote_management: '0',
          remote_apple_events: '0',
          internet_sharing: '0',
          bluetooth_sharing: '0',
          disc_sharing: '0',
          content_caching: '0',
        },
      ]);
    }
    if (device.os === 'windows' && device.displays.length > 0)
      this.#snapshot(
        device,
        next(),
        'display_registry',
        device.displays.map((one, i) => {
          const key = `HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Enum\\DISPLAY\\MON${one.productId.toUpperCase().padStart(4, '0')}\\5&${device.uuid.slice(0, 7).toLowerCase()}&0&UID${256 + i}\\Device Parameters`;
          return {
            key,
            path: `${key}\\EDID`,
            name: 'EDID',
            type: 'REG_BINARY',
            data: edidOf(one),
            mtime: String(Math.floor(device.enrolled / 1000)),
          };
        }),
      );
    this.#snapshot(
      device,
      next(),
      'chrome_extensions',
      device.extensions.map((one) => ({
        browser_type: 'chrome',
        uid: device.os === 'macos' ? '501' : '1001',
        name: one.name,
        profile: 'Person 1',
        profile_path: '',
        referenced_identifier: one.id,
        identifier: one.id,
        version: one.version,
        description: '',
        default_locale: 'en',
        update_url: 'https://clients2.google.com/service/update2/crx',
        persistent: '0',
        path: '',
        permissions: '',
        from_webstore: 'true',
        state: '1',
        manifest_hash: '',
      })),
    );
    const ports = [
      {
        pid: '388',
        port: '49152',
        protocol: '6',
        family: '2',
        address: '127.0.0.1',
        fd: '10',
        socket: '0',
        path: '',
        net_namespace: '0',
        name: 'rapportd',
      },
    ];
    if (device.screenSharing)
      ports.push({
        pid: '512',
        port: device.os === 'macos' ? '5900' : '3389',
        protocol: '6',
        family: '2',
        address: '0.0.0.0',
        fd: '9',
        socket: '0',
        path: '',
        net_namespace: '0',
        name: device.os === 'macos' ? 'screensharingd' : 'svchost.exe',
      });
    this.#snapshot(device, next(), 'listening_ports', ports);
    const mac = device.os === 'macos';
    this.#snapshot(device, next(), 'users', [
      {
        uid: mac ? '501' : '1001',
        gid: mac ? '20' : '544',
        uid_signed: mac ? '501' : '1001',
        gid_signed: mac ? '20' : '544',
        username: device.localUser,
        description: '',
        directory: mac ? `/Users/${device.localUser}` : `C:\\Users\\${device.localUser}`,
        shell: mac ? '/bin/zsh' : 'C:\\Windows\\system32\\cmd.exe',
        uuid: this.#world.random('guid', person.index).uuid().toUpperCase(),
        type: mac ? '' : 'local',
        is_hidden: '0',
      },
    ]);
    if (device.admin)
      this.#snapshot(device, next(), 'local_admins', [
        {
          username: device.localUser,
          uid: mac ? '501' : '1001',
          groupname: mac ? 'admin' : 'Administrators',
          gid: mac ? '80' : '544',
        },
      ]);
    const running = programs.filter((one) => one.process);
    for (const program of running)
      if (!this.#known.has(device))
        this.#change(device, next(), 'processes', processRow(device, program, random));
  }

  #snapshot(device: Device, time: number, name: string, rows: Record<string, string>[]): void {
    this.#line({ snapshot: rows, action: 'snapshot', ...this.#head(device, time, name) });
  }

  #change(device: Device, time: number, name: string, columns: Record<string, string>): void {
    this.#line({ ...this.#head(device, time, name), columns, action: 'added' });
  }

  #head(device: Device, time: number, name: string): Record<string, unknown> {
    const [, weekday, day, month, year] =
      /^(\w+), (\d+) (\w+) (\d+)/.exec(new Date(time).toUTCString()) ?? [];
    return {
      name: `pack_endpoints_${name}`,
      hostIdentifier: device.hostname,
      calendarTime: `${weekday} ${month} ${(day ?? '').replace(/^0/, ' ')} ${new Date(time).toISOString().slice(11, 19)} ${year} UTC`,
      unixTime: Math.floor(time / 1000),
      epoch: 0,
      counter: 1,
      numerics: false,
      decorations: {
        host_uuid: device.uuid,
        hardware_serial: device.serial,
        hostname: device.hostname,
        username: device.localUser,
      },
    };
  }

  #line(record: Record<string, unknown>): void {
    this.#output.line(JSON.stringify(record));
    // A daemon that restarted in the middle of a line.
    if (++this.#lines === 700) this.#output.line('{"name":"pack_endpoints_users","hostIdentifier":"LSP-M-');
  }
}

function programRow(device: Device, program: Program): Record<string, string> {
  return device.os === 'macos'
    ? {
        name: `${program.name}.app`,
        path: `/Applications/${program.name}.app`,
        bundle_executable: program.name,
        bundle_identifier: program.bundle,
        bundle_name: program.name,
        bundle_short_version: program.version,
        bundle_version: program.version,
        display_name: program.name,
        development_region: 'en',
        copyright: program.publisher,
        minimum_system_version: '12.0',
        last_opened_time: String(Math.floor(program.at / 1000)),
      }
    : {
        name: program.name,
        version: program.version,
        install_location: (program.process?.windows ?? '').replace(/\\[^\\]*$/, ''),
        install_source: '',
        language: '1033',
        publisher: program.publisher,
        uninstall_string: '',
        install_date: new Date(program.at).toISOString().slice(0, 10).replaceAll('-', ''),
        identifying_number: '',
      };
}

function processRow(device: Device, program: Program, random: Random): Record<string, string> {
  const path = device.os === 'macos' ? (program.process?.macos ?? '') : (program.process?.windows ?? '');
  const name = path.split(/[\\/]/).at(-1) ?? program.name;
  return {
    pid: String(random.int(600, 29000)),
    name,
    path,
    cmdline: path,
    state: 'S',
    cwd: '/',
    root: '/',
    uid: device.os === 'macos' ? '501' : '1001',
    on_disk: '1',
    parent: '1',
    start_time: String(Math.floor(program.at / 1000)),
  };
}

function usbRow(usb: UsbDevice, index: number): Record<string, string> {
  return {
    usb_address: String(index + 1),
    usb_port: String(index + 1),
    vendor: usb.vendor,
    vendor_id: usb.vendorId,
    version: '1.0',
    model: usb.model,
    model_id: usb.modelId,
    serial: usb.serial,
    class: usb.class === 'HIDClass' ? '3' : '0',
    subclass: '0',
    protocol: '0',
    removable: usb.removable ? '1' : '0',
  };
}
