import type { Random } from './random.js';

/** A browser on a device: what an identity provider remembers it by. */
export interface Browser {
  token: string;
  fingerprint: string;
  userAgent: string;
  name: string;
  os: string;
  kind: 'Computer' | 'Mobile';
}

export interface UsbDevice {
  at: number;
  vendorId: string;
  modelId: string;
  vendor: string;
  model: string;
  serial: string;
  removable: boolean;
  /** What Windows calls it. */
  class: 'USB' | 'HIDClass' | 'Camera' | 'MEDIA';
  /** Further devices Windows sees behind it. */
  parts?: { id: string; description: string; class: string }[];
}

export interface Program {
  at: number;
  name: string;
  version: string;
  publisher: string;
  bundle: string;
  /** Executable as Windows names it, or path inside the bundle on macOS. */
  process?: { windows: string; macos: string };
}

export interface Display {
  name: string;
  vendorId: string;
  productId: string;
  serial: string;
  /** The serial in words, which Windows shows and macOS does not. */
  inWords?: string;
}

/** A laptop. */
export interface Device {
  serial: string;
  uuid: string;
  hostname: string;
  os: 'macos' | 'windows';
  osVersion: string;
  model: string;
  modelId: string;
  managed: boolean;
  enrolled: number;
  oktaId: string;
  mac: string;
  browser: Browser;
  admin: boolean;
  localUser: string;
  usb: UsbDevice[];
  displays: Display[];
  programs: Program[];
  extensions: { id: string; name: string; version: string }[];
  screenSharing: boolean;
  remoteLogin: boolean;
  /** From when on it does not say where it is. */
  locationOff?: number;
  wired: boolean;
  camera: string;
  microphone: string;
}

/** A phone, as second factor and as a second screen. */
export interface Handset {
  model: string;
  os: 'ios' | 'android';
  osVersion: string;
  number: string;
  oktaDeviceId: string;
  oktaEnrollmentId: string;
  duoKey: string;
  enrolled: number;
  browser: Browser;
}

const macs = [
  ['MacBook Pro (14-inch, M3, 2023)', 'Mac15,3'],
  ['MacBook Pro (14-inch, M4, 2024)', 'Mac16,1'],
  ['MacBook Air (13-inch, M3, 2024)', 'Mac15,12'],
  ['MacBook Pro (16-inch, M3 Pro, 2023)', 'Mac15,7'],
  ['MacBook Air (15-inch, M2, 2023)', 'Mac14,15'],
] as const;
const windowsLaptops = [
  ['Latitude 7440', 'Dell Inc.'],
  ['Latitude 5450', 'Dell Inc.'],
  ['ThinkPad T14 Gen 4', 'LENOVO'],
  ['ThinkPad X1 Carbon Gen 12', 'LENOVO'],
  ['EliteBook 840 14 inch G11', 'HP'],
] as const;

const keyboards: readonly (readonly [string, string, string, string])[] = [
  ['046d', 'c548', 'Logitech', 'USB Receiver'],
  ['046d', 'c52b', 'Logitech', 'USB Receiver'],
  ['045e', '07a5', 'Microsoft', 'Microsoft 2.4GHz Transceiver v9.0'],
  ['413c', '2113', 'Dell', 'Dell KB216 Wired Keyboard'],
  ['05ac', '024f', 'Keychron', 'Keychron K2'],
  ['3434', '0430', 'Keychron', 'Keychron V3'],
];
const cameras: readonly (readonly [string, string, string, string])[] = [
  ['046d', '08e5', 'Logitech', 'HD Pro Webcam C920'],
  ['046d', '0944', 'Logitech', 'MX Brio'],
  ['0fd9', '0078', 'Elgato', 'Elgato Facecam'],
];
const docks: readonly (readonly [string, string, string, string])[] = [
  ['17e9', '6015', 'DisplayLink', 'Dell Universal Dock D6000'],
  ['0bda', '8153', 'Realtek', 'USB 10/100/1000 LAN'],
  ['2188', '6533', 'CalDigit', 'CalDigit TS4 Audio'],
];
const screens: readonly (readonly [string, string, string])[] = [
  ['DELL U2723QE', '10ac', '42f6'],
  ['DELL P2422H', '10ac', 'a1b3'],
  ['LG HDR 4K', '1e6d', '7707'],
  ['Studio Display', '610', 'ae3a'],
  ['BenQ PD2725U', '9d1', '802d'],
];

/** Programs found all over; none of them says anything. */
const ordinaryPrograms: readonly (readonly [string, string, string, string, number])[] = [
  ['Google Chrome', '140.0.7339.133', 'Google LLC', 'com.google.Chrome', 1],
  ['Slack', '4.45.69', 'Slack Technologies', 'com.tinyspeck.slackmacgap', 1],
  ['zoom.us', '6.5.11', 'Zoom Communications', 'us.zoom.xos', 1],
  ['Visual Studio Code', '1.104.0', 'Microsoft Corporation', 'com.microsoft.VSCode', 0.5],
  ['Docker', '4.45.0', 'Docker Inc', 'com.docker.docker', 0.35],
  ['Microsoft Word', '16.100', 'Microsoft Corporation', 'com.microsoft.Word', 0.6],
  ['Firefox', '142.0.1', 'Mozilla', 'org.mozilla.firefox', 0.3],
  ['1Password', '8.11.8', 'AgileBits Inc.', 'com.1password.1password', 0.5],
  ['Spotify', '1.2.72', 'Spotify AB', 'com.spotify.client', 0.4],
  ['Postman', '11.61.5', 'Postman, Inc.', 'com.postmanlabs.mac', 0.2],
  ['Figma', '125.8.8', 'Figma, Inc.', 'com.figma.Desktop', 0.2],
  ['Rectangle', '0.89', 'Ryan Hanson', 'com.knollsoft.Rectangle', 0.15],
];
const extensions: readonly (readonly [string, string, string, number])[] = [
  ['aeblfdkhhhdcdjpifhhbdiojplfjncoa', '1Password', '8.11.8.26', 0.5],
  ['cjpalhdlnbpafiamejdnhcphjbkeiagm', 'uBlock Origin', '1.65.0', 0.35],
  ['ghbmnnjooekpmoecnnnilnnbdlolhkhi', 'Google Docs Offline', '1.95.1', 0.9],
  ['fmkadmapgofadopljbjfkapdkoienihi', 'React Developer Tools', '7.0.0', 0.2],
  ['kbfnbcaeplbcioakkpcpgfkobkghlhen', 'Grammarly', '14.1252.0', 0.2],
];

/** Remote-access programs, as they name themselves. */
export const remoteTools = {
  anydesk: {
    name: 'AnyDesk',
    version: '9.5.1',
    publisher: 'AnyDesk Software GmbH',
    bundle: 'com.philandro.anydesk',
    windows: 'C:\\Program Files (x86)\\AnyDesk\\AnyDesk.exe',
    macos: '/Applications/AnyDesk.app/Contents/MacOS/AnyDesk',
  },
  rustdesk: {
    name: 'RustDesk',
    version: '1.4.1',
    publisher: 'Purslane Ltd',
    bundle: 'com.carriez.rustdesk',
    windows: 'C:\\Program Files\\RustDesk\\rustdesk.exe',
    macos: '/Applications/RustDesk.app/Contents/MacOS/RustDesk',
  },
  teamviewer: {
    name: 'TeamViewer',
    version: '15.69.4',
    publisher: 'TeamViewer Germany GmbH',
    bundle: 'com.teamviewer.TeamViewer',
    windows: 'C:\\Program Files\\TeamViewer\\TeamViewer.exe',
    macos: '/Applications/TeamViewer.app/Contents/MacOS/TeamViewer',
  },
  chrome: {
    name: 'Chrome Remote Desktop Host',
    version: '140.0.7339.17',
    publisher: 'Google LLC',
    bundle: 'org.chromium.chromoting',
    windows: 'C:\\Program Files (x86)\\Google\\Chrome Remote Desktop\\140.0.7339.17\\remoting_host.exe',
    macos: '/Library/PrivilegedHelperTools/ChromeRemoteDesktopHost.bundle/Contents/MacOS/remoting_me2me_host',
  },
  jump: {
    name: 'Jump Desktop Connect',
    version: '7.1.4',
    publisher: 'Phase Five Systems',
    bundle: 'com.p5sys.jump.connect',
    windows: 'C:\\Program Files (x86)\\Phase Five Systems\\Jump Desktop Connect\\JumpConnect.exe',
    macos: '/Applications/Jump Desktop Connect.app/Contents/MacOS/JumpConnect',
  },
  splashtop: {
    name: 'Splashtop Streamer',
    version: '3.7.6.0',
    publisher: 'Splashtop Inc.',
    bundle: 'com.splashtop.Splashtop-Streamer',
    windows: 'C:\\Program Files (x86)\\Splashtop\\Splashtop Remote\\Server\\SRServer.exe',
    macos: '/Applications/Splashtop Streamer.app/Contents/MacOS/SplashtopStreamer',
  },
} as const;
export type RemoteTool = keyof typeof remoteTools;

export function remoteProgram(tool: RemoteTool, at: number): Program {
  const { name, version, publisher, bundle, windows, macos } = remoteTools[tool];
  return { at, name, version, publisher, bundle, process: { windows, macos } };
}

export function makeBrowser(random: Random, os: 'macos' | 'windows' | 'ios' | 'android'): Browser {
  const version = random.weighted([
    ['140', 5],
    ['139', 3],
    ['138', 1],
  ]);
  const common = { token: random.hex(64), fingerprint: random.hex(32) };
  switch (os) {
    case 'macos':
      return random.chance(0.7)
        ? {
            ...common,
            userAgent: `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
            name: 'CHROME',
            os: 'Mac OS X',
            kind: 'Computer',
          }
        : {
            ...common,
            userAgent:
              'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
            name: 'SAFARI',
            os: 'Mac OS X',
            kind: 'Computer',
          };
    case 'windows':
      return random.chance(0.65)
        ? {
            ...common,
            userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
            name: 'CHROME',
            os: 'Windows 10',
            kind: 'Computer',
          }
        : {
            ...common,
            userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36 Edg/${version}.0.0.0`,
            name: 'EDGE',
            os: 'Windows 10',
            kind: 'Computer',
          };
    case 'ios':
      return {
        ...common,
        userAgent:
          'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
        name: 'SAFARI',
        os: 'iOS',
        kind: 'Mobile',
      };
    default:
      return {
        ...common,
        userAgent: `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Mobile Safari/537.36`,
        name: 'CHROME',
        os: 'Android 1.x',
        kind: 'Mobile',
      };
  }
}

export function makeDevice(random: Random, login: string, enrolled: number, managed = true): Device {
  const os = random.chance(0.58) ? 'macos' : 'windows';
  const [model, modelId] = os === 'macos' ? random.pick(macs) : random.pick(windowsLaptops);
  const alphabet = 'BCDFGHJKLMNPQRTVWXYZ0123456789';
  let serial = '';
  for (let i = 0; i < (os === 'macos' ? 10 : 8); i++) serial += alphabet[random.int(0, alphabet.length - 1)];
  const localUser = login
    .split('.')
    .map((part, i) => (i === 0 ? part : part.slice(0, 6)))
    .join('');
  const usb: UsbDevice[] = [];
  const add = (
    chance: number,
    list: readonly (readonly [string, string, string, string])[],
    kind: UsbDevice['class'],
  ) => {
    if (!random.chance(chance)) return;
    const [vendorId, modelId, vendor, model] = random.pick(list);
    usb.push({
      at: enrolled,
      vendorId,
      modelId,
      vendor,
      model,
      serial: kind === 'HIDClass' ? '' : random.hex(10).toUpperCase(),
      removable: true,
      class: kind,
    });
  };
  add(0.7, keyboards, 'HIDClass');
  add(0.3, cameras, 'Camera');
  add(0.4, docks, 'USB');
  const displays: Display[] = [];
  if (random.chance(0.6)) {
    const [name, vendorId, productId] = random.pick(screens);
    displays.push({ name, vendorId, productId, serial: random.hex(8) });
  }
  const camera = usb.find((one) => one.class === 'Camera');
  return {
    serial,
    uuid: random.uuid().toUpperCase(),
    hostname: os === 'macos' ? `LSP-M-${serial.slice(-6)}` : `LSP-W-${serial.slice(-6)}`,
    os,
    osVersion:
      os === 'macos'
        ? random.pick(['15.6.1', '15.6', '14.7.8', '15.5'])
        : random.pick(['10.0.26100.4946', '10.0.22631.5768', '10.0.22631.5624']),
    model,
    modelId,
    managed,
    enrolled,
    oktaId: `guo${random.token(17)}`,
    mac: `3c:a6:f6:${random.hex(2)}:${random.hex(2)}:${random.hex(2)}`,
    browser: makeBrowser(random, os),
    admin: random.chance(0.22),
    localUser,
    usb,
    displays,
    programs: ordinaryPrograms
      .filter(([, , , , share]) => random.chance(share))
      .map(([name, version, publisher, bundle]) => ({ at: enrolled, name, version, publisher, bundle })),
    extensions: extensions
      .filter(([, , , share]) => random.chance(share))
      .map(([id, name, version]) => ({ id, name, version })),
    screenSharing: random.chance(0.03),
    remoteLogin: random.chance(0.04),
    wired: random.chance(0.12),
    camera: camera?.model ?? (os === 'macos' ? 'MacBook Pro Camera' : 'Integrated Camera'),
    microphone: os === 'macos' ? 'MacBook Pro Microphone' : 'Microphone Array (Realtek(R) Audio)',
  };
}

export function makeHandset(random: Random, number: string, enrolled: number): Handset {
  const os = random.chance(0.62) ? 'ios' : 'android';
  return {
    model:
      os === 'ios'
        ? random.pick(['iPhone 15', 'iPhone 16', 'iPhone 14', 'iPhone 16 Pro'])
        : random.pick(['Pixel 8', 'Pixel 9', 'Galaxy S24', 'Galaxy A55']),
    os,
    osVersion: os === 'ios' ? '18.6.2' : '15',
    number,
    oktaDeviceId: `guo${random.token(17)}`,
    oktaEnrollmentId: `opf${random.token(17)}`,
    duoKey: `DP${random.token(18).toUpperCase()}`,
    enrolled,
    browser: makeBrowser(random, os),
  };
}
