import { join } from 'node:path';
import type { Device, UsbDevice } from '../devices.js';
import { Output } from '../files.js';
import type { Happening } from '../happenings.js';
import { emailOn, type Person, worksOn } from '../person.js';
import type { Random } from '../random.js';
import { DAY, dateTime, HOUR, iso, isWeekend } from '../time.js';
import type { World } from '../world.js';
import type { Log } from './log.js';

/** Sysmon and Security events of the Windows laptops, as Winlogbeat writes them. */
export class WindowsLog implements Log {
  readonly #world: World;
  readonly #random: Random;
  readonly #sysmon: Output;
  readonly #security: Output;
  #record = 40_000;

  constructor(world: World, folder: string) {
    this.#world = world;
    this.#random = world.random('windows');
    this.#sysmon = new Output(join(folder, 'windows', 'sysmon.ndjson'));
    this.#security = new Output(join(folder, 'windows', 'security.ndjson'));
  }

  take(happening: Happening): void {
    if (happening.kind === 'program' && happening.device.os === 'windows') {
      const { device, program, time } = happening;
      const image = program.process?.windows ?? '';
      const name = image.split('\\').at(-1) ?? 'setup.exe';
      this.#process(
        device,
        time - 60_000,
        `C:\\Users\\${device.localUser}\\Downloads\\${name}`,
        `"C:\\Users\\${device.localUser}\\Downloads\\${name}"`,
        'C:\\Windows\\explorer.exe',
        program.publisher,
        program.name,
        program.version,
      );
      this.#process(
        device,
        time,
        image,
        `"${image}"`,
        'C:\\Windows\\System32\\services.exe',
        program.publisher,
        program.name,
        program.version,
      );
      const relay = relayName(program.name);
      if (relay) this.#query(device, time + 20_000, relay, image);
    } else if (happening.kind === 'usb' && happening.device.os === 'windows') {
      this.#plugged(happening.device, happening.time, happening.usb);
    } else if (happening.kind === 'process' && happening.device.os === 'windows') {
      const { device, time, image, command } = happening;
      this.#process(
        device,
        time,
        image,
        command,
        'C:\\Windows\\System32\\cmd.exe',
        'Microsoft Corporation',
        'Microsoft® Windows® Operating System',
        '10.0.26100.1',
      );
    } else if (happening.kind === 'remote-desktop' && happening.device.os === 'windows') {
      this.#logon(
        happening.device,
        happening.time,
        emailOn(happening.person, happening.time),
        '10',
        happening.from,
      );
    }
  }

  endDay(day: number): void {
    if (isWeekend(day)) return;
    for (const person of this.#world.people) {
      const { device } = person;
      if (device?.os !== 'windows' || !device.managed || !worksOn(person, day)) continue;
      const turn = (day / DAY + person.index) % 10;
      if (turn === 0) this.#ordinaryDay(person, device, day);
      if (day === Math.max(person.startedAt ?? 0, this.#world.from) && device.usb.length > 0) {
        for (const [i, usb] of device.usb.filter((one) => one.at <= day).entries())
          this.#plugged(device, day + 15 * HOUR + i * 90_000, usb);
      }
    }
  }

  async drain(): Promise<void> {
    await this.#sysmon.drain();
    await this.#security.drain();
  }

  async close(): Promise<void> {
    await this.#sysmon.close();
    await this.#security.close();
  }

  #ordinaryDay(person: Person, device: Device, day: number): void {
    const random = this.#world.random('windows-day', person.index, day);
    const time = day + random.int(14, 22) * HOUR + random.int(0, 3_000_000);
    const [image, command, company, product] = random.pick(ordinary);
    this.#process(
      device,
      time,
      image,
      command,
      'C:\\Windows\\explorer.exe',
      company,
      product,
      '10.0.26100.1',
    );
    this.#logon(
      device,
      time - 40_000,
      emailOn(person, time),
      device.screenSharing && random.chance(0.5) ? '10' : random.pick(['2', '7', '11']),
      device.screenSharing ? '192.168.1.77' : '127.0.0.1',
    );
    this.#event('Security', 4688, device, time + 10_000, {
      SubjectUserSid: 'S-1-12-1-1',
      SubjectUserName: emailOn(person, time),
      SubjectDomainName: 'AzureAD',
      SubjectLogonId: `0x${random.hex(6)}`,
      NewProcessId: `0x${random.hex(4)}`,
      NewProcessName: image,
      TokenElevationType: '%%1938',
      ProcessId: `0x${random.hex(4)}`,
      CommandLine: command,
      TargetUserSid: 'S-1-0-0',
      TargetUserName: '-',
      TargetDomainName: '-',
      TargetLogonId: '0x0',
      ParentProcessName: 'C:\\Windows\\explorer.exe',
      MandatoryLabel: 'S-1-16-8192',
    });
  }

  #logon(device: Device, time: number, account: string, kind: string, from: string): void {
    this.#event('Security', 4624, device, time, {
      SubjectUserSid: 'S-1-5-18',
      SubjectUserName: `${device.hostname}$`,
      SubjectDomainName: 'LARKSPUR',
      SubjectLogonId: '0x3e7',
      TargetUserSid: 'S-1-12-1-1',
      TargetUserName: account,
      TargetDomainName: 'AzureAD',
      TargetLogonId: `0x${this.#random.hex(6)}`,
      LogonType: kind,
      LogonProcessName: 'User32 ',
      AuthenticationPackageName: 'Negotiate',
      WorkstationName: device.hostname,
      LogonGuid: '{00000000-0000-0000-0000-000000000000}',
      ProcessId: '0x5dc',
      ProcessName: 'C:\\Windows\\System32\\svchost.exe',
      IpAddress: from,
      IpPort: '0',
    });
  }

  #process(
    device: Device,
    time: number,
    image: string,
    command: string,
    parent: string,
    company: string,
    product: string,
    version: string,
  ): void {
    const random = this.#random;
    this.#event('Microsoft-Windows-Sysmon/Operational', 1, device, time, {
      RuleName: '-',
      UtcTime: `${dateTime(time)}.${String(time % 1000).padStart(3, '0')}`,
      ProcessGuid: guid(random),
      ProcessId: String(random.int(900, 29_000)),
      Image: image,
      FileVersion: version,
      Description: product,
      Product: product,
      Company: company,
      OriginalFileName: image.split('\\').at(-1) ?? '',
      CommandLine: command,
      CurrentDirectory: `C:\\Users\\${device.localUser}\\`,
      User: `AzureAD\\${device.localUser}`,
      LogonGuid: guid(random),
      LogonId: `0x${random.hex(6)}`,
      TerminalSessionId: '1',
      IntegrityLevel: 'Medium',
      Hashes: `SHA256=${random.hex(64).toUpperCase()}`,
      ParentProcessGuid: guid(random),
      ParentProcessId: String(random.int(900, 29_000)),
      ParentImage: parent,
      ParentCommandLine: parent,
      ParentUser: `AzureAD\\${device.localUser}`,
    });
  }

  #query(device: Device, time: number, name: string, image: string): void {
    this.#event('Microsoft-Windows-Sysmon/Operational', 22, device, time, {
      RuleName: '-',
      UtcTime: `${dateTime(time)}.${String(time % 1000).padStart(3, '0')}`,
      ProcessGuid: guid(this.#random),
      ProcessId: String(this.#random.int(900, 29_000)),
      QueryName: name,
      QueryStatus: '0',
      QueryResults: '::ffff:198.51.100.9;',
      Image: image,
      User: 'NT AUTHORITY\\SYSTEM',
    });
  }

  /** Windows names a device by what it can do; who made it stands in its ids only. */
  #plugged(device: Device, time: number, usb: UsbDevice): void {
    const id = `VID_${usb.vendorId.toUpperCase()}&PID_${usb.modelId.toUpperCase()}`;
    const serial = usb.serial || `6&${device.uuid.slice(0, 8).toLowerCase()}&0&2`;
    const name = {
      USB: 'USB Composite Device',
      HIDClass: 'USB Input Device',
      Camera: usb.model,
      MEDIA: usb.model,
    }[usb.class];
    this.#recognised(device, time, `USB\\${id}\\${serial}`, name, usb.class, `USB\\${id}`);
    for (const [i, part] of (usb.parts ?? []).entries()) {
      this.#recognised(
        device,
        time + 400 * (i + 1),
        part.id,
        part.description,
        part.class,
        part.id.replace(/\\[^\\]*$/, ''),
      );
    }
  }

  #recognised(
    device: Device,
    time: number,
    id: string,
    description: string,
    kind: string,
    hardware: string,
  ): void {
    this.#event('Security', 6416, device, time, {
      SubjectUserSid: 'S-1-5-18',
      SubjectUserName: `${device.hostname}$`,
      SubjectDomainName: 'WORKGROUP',
      SubjectLogonId: '0x3e7',
      DeviceId: id,
      DeviceDescription: description,
      ClassId: '{36fc9e60-c465-11cf-8056-444553540000}',
      ClassName: kind,
      VendorIds: `${hardware}&REV_0100\n${hardware}`,
      CompatibleIds: 'USB\\COMPOSITE',
      LocationInformation: 'Port_#0002.Hub_#0001',
    });
  }

  #event(channel: string, id: number, device: Device, time: number, data: Record<string, string>): void {
    const sysmon = id < 100;
    const provider = sysmon ? 'Microsoft-Windows-Sysmon' : 'Microsoft-Windows-Security-Auditing';
    (sysmon ? this.#sysmon : this.#security).line(
      JSON.stringify({
        '@timestamp': iso(time),
        event: {
          code: String(id),
          kind: 'event',
          provider,
          created: iso(time + 1800),
          ...(sysmon ? {} : { outcome: 'success' }),
        },
        host: { name: device.hostname.toLowerCase() },
        log: { level: 'information' },
        winlog: {
          channel,
          provider_name: provider,
          provider_guid: sysmon
            ? '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'
            : '{54849625-5478-4994-a5ba-3e3b0328c30d}',
          event_id: String(id),
          record_id: ++this.#record,
          computer_name: device.hostname,
          opcode: 'Info',
          ...(sysmon
            ? {
                version: 5,
                user: { identifier: 'S-1-5-18', domain: 'NT AUTHORITY', name: 'SYSTEM', type: 'User' },
              }
            : { keywords: ['Audit Success'] }),
          process: { pid: 4312, thread: { id: 5120 } },
          event_data: data,
        },
        agent: { type: 'winlogbeat', version: '8.17.4', name: device.hostname.toLowerCase() },
        ecs: { version: '8.0.0' },
      }),
    );
  }
}

const ordinary = [
  [
    'C:\\Windows\\System32\\notepad.exe',
    '"C:\\Windows\\system32\\notepad.exe"',
    'Microsoft Corporation',
    'Microsoft® Windows® Operating System',
  ],
  [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"',
    'Google LLC',
    'Google Chrome',
  ],
  [
    'C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE',
    '"C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE"',
    'Microsoft Corporation',
    'Microsoft Office',
  ],
  ['C:\\Program Files\\Git\\cmd\\git.exe', 'git.exe fetch --all', 'The Git Development Community', 'Git'],
  [
    'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    'powershell.exe -NoLogo',
    'Microsoft Corporation',
    'Microsoft® Windows® Operating System',
  ],
] as const;

function relayName(program: string): string | undefined {
  switch (program) {
    case 'AnyDesk':
      return 'relay-3d0a91c2.net.anydesk.com';
    case 'RustDesk':
      return 'rs-ny.rustdesk.com';
    case 'TeamViewer':
      return 'router14.teamviewer.com';
    case 'Splashtop Streamer':
      return 'st2-v3-dc.splashtop.com';
    case 'Jump Desktop Connect':
      return 'api.jumpdesktop.com';
    case 'Chrome Remote Desktop Host':
      return 'remotedesktop-pa.googleapis.com';
    default:
      return undefined;
  }
}

function guid(random: Random): string {
  return `{${random.uuid()}}`;
}
