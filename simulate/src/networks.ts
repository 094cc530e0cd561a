import { type City, cities, cityNamed, countryNames, kilometres } from './cities.js';
import type { Random } from './random.js';

/** Where a connection comes from, as a vendor's geolocation describes the address. */
export interface Network {
  ip: string;
  city: City;
  asn: number;
  asOrg: string;
  isp: string;
  domain: string;
  isProxy: boolean;
  /** What Okta says of a tunnel: `NORD_VPN` and its kind. */
  tunnel?: { operator: string; type: 'VPN' | 'PROXY' };
  /** The local side, where a device sees one. */
  local?: LocalNetwork;
}

export interface LocalNetwork {
  ssid: string;
  bssid: string;
  gatewayIp: string;
  gatewayMac: string;
  lan: string;
}

interface Provider {
  asn: number;
  asOrg: string;
  isp: string;
  domain: string;
}

const provider = (asn: number, asOrg: string, domain: string, isp = asOrg): Provider => ({
  asn,
  asOrg,
  isp,
  domain,
});

/** Home providers by country: real autonomous systems, as geolocation vendors name them. */
const homeProviders: Record<string, readonly (readonly [Provider, number])[]> = {
  US: [
    [provider(7922, 'comcast cable communications llc', 'comcast.net'), 32],
    [provider(7018, 'at&t enterprises llc', 'sbcglobal.net'), 22],
    [provider(20115, 'charter communications llc', 'spectrum.com'), 20],
    [provider(22773, 'cox communications inc.', 'cox.net'), 10],
    [provider(701, 'verizon business', 'verizon.net'), 10],
    [provider(5650, 'frontier communications of america inc.', 'frontiernet.net'), 6],
  ],
  CA: [
    [provider(812, 'rogers communications canada inc.', 'rogers.com'), 5],
    [provider(577, 'bell canada', 'bell.ca'), 5],
    [provider(852, 'telus communications inc.', 'telus.net'), 3],
  ],
  GB: [
    [provider(2856, 'british telecommunications plc', 'bt.net'), 5],
    [provider(5089, 'virgin media limited', 'virginm.net'), 3],
    [provider(5607, 'sky uk limited', 'sky.com'), 3],
  ],
  DE: [
    [provider(3320, 'deutsche telekom ag', 't-ipconnect.de'), 5],
    [provider(3209, 'vodafone gmbh', 'vodafone-ip.de'), 4],
  ],
  FR: [[provider(3215, 'orange s.a.', 'wanadoo.fr'), 1]],
  ES: [[provider(3352, 'telefonica de espana', 'rima-tde.net'), 1]],
  PT: [[provider(3243, 'meo residencial', 'telepac.pt'), 1]],
  NL: [[provider(33915, 'vodafone libertel b.v.', 'ziggo.nl'), 1]],
  IE: [[provider(5466, 'eircom limited', 'eircom.net'), 1]],
  IT: [[provider(3269, 'telecom italia s.p.a.', 'telecomitalia.it'), 1]],
  CH: [[provider(3303, 'swisscom ag', 'bluewin.ch'), 1]],
  PL: [[provider(5617, 'orange polska s.a.', 'tpnet.pl'), 1]],
  SE: [[provider(3301, 'telia company ab', 'telia.com'), 1]],
  CZ: [[provider(5610, 'o2 czech republic a.s.', 'o2.cz'), 1]],
  RO: [[provider(8708, 'digi romania s.a.', 'rdsnet.ro'), 1]],
  UA: [[provider(6849, 'ukrtelecom', 'ukrtel.net'), 1]],
  TR: [[provider(9121, 'turk telekomunikasyon a.s.', 'ttnet.com.tr'), 1]],
  IN: [
    [provider(24560, 'bharti airtel ltd.', 'airtel.in'), 1],
    [provider(55836, 'reliance jio infocomm limited', 'jio.com'), 1],
  ],
  PK: [[provider(17557, 'pakistan telecommunication company limited', 'ptcl.net.pk'), 1]],
  PH: [[provider(9299, 'philippine long distance telephone company', 'pldt.net'), 1]],
  VN: [[provider(7552, 'viettel group', 'viettel.vn'), 1]],
  TH: [[provider(7470, 'true internet co.ltd.', 'trueinternet.co.th'), 1]],
  MY: [[provider(4788, 'tm technology services sdn bhd', 'tm.net.my'), 1]],
  ID: [[provider(7713, 'pt telekomunikasi indonesia', 'telkom.co.id'), 1]],
  SG: [[provider(9506, 'singtel fibre broadband', 'singnet.com.sg'), 1]],
  CN: [
    [provider(4837, 'china unicom china169 backbone', 'chinaunicom.cn'), 1],
    [provider(4134, 'chinanet', 'chinatelecom.com.cn'), 1],
  ],
  HK: [[provider(4760, 'hkt limited', 'netvigator.com'), 1]],
  TW: [[provider(3462, 'chunghwa telecom co. ltd.', 'hinet.net'), 1]],
  JP: [[provider(4713, 'ntt communications corporation', 'ocn.ne.jp'), 1]],
  KR: [[provider(4766, 'korea telecom', 'kornet.net'), 1]],
  LA: [[provider(9873, 'lao telecom communication', 'laotel.com'), 1]],
  RU: [
    [provider(12389, 'rostelecom', 'rt.ru'), 1],
    [provider(20485, 'joint stock company transtelecom', 'ttk.ru'), 1],
  ],
  AE: [[provider(5384, 'emirates telecommunications group company', 'emirates.net.ae'), 1]],
  IL: [[provider(8551, 'bezeq international', 'bezeqint.net'), 1]],
  EG: [[provider(8452, 'te data', 'tedata.net'), 1]],
  NG: [[provider(29465, 'mtn nigeria communication limited', 'mtnonline.com'), 1]],
  KE: [[provider(33771, 'safaricom limited', 'safaricombusiness.co.ke'), 1]],
  ZA: [[provider(37457, 'telkom sa limited', 'telkomsa.net'), 1]],
  BR: [[provider(27699, 'telefonica brasil s.a', 'vivo.com.br'), 1]],
  MX: [[provider(8151, 'uninet s.a. de c.v.', 'prodigy.net.mx'), 1]],
  AR: [[provider(7303, 'telecom argentina s.a.', 'telecom.com.ar'), 1]],
  CO: [[provider(10620, 'telmex colombia s.a.', 'cable.net.co'), 1]],
  CL: [[provider(27651, 'entel chile s.a.', 'entelchile.net'), 1]],
  AU: [[provider(1221, 'telstra limited', 'telstra.net'), 1]],
  NZ: [[provider(4771, 'spark new zealand trading limited', 'xtra.co.nz'), 1]],
};

/** Mobile carriers: few gateways, many subscribers behind each address. */
const carriers: Record<string, readonly { provider: Provider; gateways: readonly string[] }[]> = {
  US: [
    {
      provider: provider(21928, 't-mobile usa inc.', 't-mobile.com'),
      gateways: ['Dallas', 'Chicago', 'Seattle', 'Atlanta', 'Los Angeles'],
    },
    {
      provider: provider(22394, 'cellco partnership dba verizon wireless', 'myvzw.com'),
      gateways: ['Newark', 'Charlotte', 'Denver', 'San Jose'],
    },
    {
      provider: provider(20057, 'at&t mobility llc', 'mycingular.net'),
      gateways: ['Dallas', 'Atlanta', 'San Diego', 'Chicago'],
    },
  ],
  CA: [
    { provider: provider(852, 'telus communications inc.', 'telus.net'), gateways: ['Toronto', 'Calgary'] },
  ],
  GB: [{ provider: provider(12576, 'ee limited', 'ee.co.uk'), gateways: ['London', 'Leeds'] }],
  DE: [
    {
      provider: provider(6805, 'telefonica germany gmbh & co.ohg', 'telefonica.de'),
      gateways: ['Frankfurt am Main', 'Hamburg'],
    },
  ],
  IN: [
    {
      provider: provider(55836, 'reliance jio infocomm limited', 'jio.com'),
      gateways: ['Mumbai', 'Delhi', 'Chennai'],
    },
  ],
};

const businessProvider = provider(174, 'cogent communications llc', 'cogentco.com');
const companyProvider = provider(64500, 'larkspur systems inc', 'larkspur.example.com');
const starlink = provider(14593, 'space exploration technologies corporation', 'starlinkisp.net');
const relayProviders = [
  provider(36183, 'akamai technologies inc.', 'akamai.com'),
  provider(13335, 'cloudflare inc.', 'cloudflare.com'),
  provider(54113, 'fastly inc.', 'fastly.com'),
];
const consumerOperators: readonly (readonly [string, Provider, number])[] = [
  ['NORD_VPN', provider(212238, 'datacamp limited', 'datacamp.co.uk'), 30],
  ['PROTON_VPN', provider(212238, 'datacamp limited', 'datacamp.co.uk'), 20],
  ['MULLVAD_VPN', provider(9009, 'm247 europe srl', 'm247.com'), 18],
  ['EXPRESS_VPN', provider(9009, 'm247 europe srl', 'm247.com'), 18],
  ['SURFSHARK_VPN', provider(212238, 'datacamp limited', 'datacamp.co.uk'), 14],
];
/** Astrill has no network of its own: it rents hosts here and there. */
const astrillHosts: readonly (readonly [Provider, string])[] = [
  [provider(40676, 'psychz networks', 'psychz.net'), 'Los Angeles'],
  [provider(8100, 'quadranet enterprises llc', 'quadranet.com'), 'Dallas'],
  [provider(30633, 'leaseweb usa inc.', 'leaseweb.com'), 'Washington'],
  [provider(36352, 'hostpapa', 'hostpapa.com'), 'Buffalo'],
];

export interface Office {
  city: City;
  network: Network;
  name: string;
}

/** Addresses handed out once each, from ranges that belong to nobody on the internet. */
export class Networks {
  readonly #random: Random;
  #home = 0;
  readonly #homeOffset: number;
  readonly #mobile = new Map<string, Network[]>();
  readonly #relays = new Map<string, Network[]>();
  readonly #consumer = new Map<string, Network[]>();
  readonly #starlinks: Network[];
  readonly astrill: readonly Network[];
  readonly offices: readonly Office[];
  /** The company's own VPN: everybody who uses it comes out here. */
  readonly corporateVpn: readonly Network[];
  /** The company's build machines. */
  readonly builds: Network;

  constructor(random: Random) {
    this.#random = random;
    this.#homeOffset = random.int(0, 0xffff);
    const denver = cityNamed('Denver', 'US');
    const place = (name: string, country: string, last: number, host: string): Office => {
      const city = cityNamed(name, country);
      return {
        city,
        name: `${name} office`,
        network: this.#network(
          `192.0.2.${last}`,
          city,
          companyProvider,
          false,
          this.#local('Larkspur', `10.${last}.0`, host),
        ),
      };
    };
    this.offices = [
      place('Denver', 'US', 32, '1'),
      place('Toronto', 'CA', 48, '1'),
      place('London', 'GB', 64, '1'),
    ];
    this.corporateVpn = [10, 11].map((last) =>
      this.#network(`192.0.2.${last}`, denver, companyProvider, false),
    );
    this.builds = this.#network(
      '192.0.2.90',
      cityNamed('Washington', 'US'),
      provider(16509, 'amazon.com inc.', 'amazonaws.com'),
      false,
    );
    this.astrill = Array.from({ length: 12 }, (_, i) => {
      const [host, city] = astrillHosts[i % astrillHosts.length] as readonly [Provider, string];
      return this.#network(`203.0.113.${200 + i * 3}`, cityNamed(city, 'US'), host, true, undefined, {
        operator: 'ASTRILL_VPN',
        type: 'VPN',
      });
    });
    this.#starlinks = ['Seattle', 'Dallas', 'New York', 'Atlanta', 'Los Angeles', 'Denver'].map((name, i) =>
      this.#network(`198.51.100.${20 + i * 7}`, cityNamed(name, 'US'), starlink, false),
    );
  }

  /** A household's connection: one address, one router. */
  home(city: City): Network {
    const [asn] = [this.#random.weighted(homeProviders[city.country] ?? [[businessProvider, 1]])];
    const lan = this.#random.weighted([
      ['192.168.1', 40],
      ['192.168.0', 30],
      ['10.0.0', 20],
      ['192.168.68', 10],
    ]);
    return this.#network(this.address(), city, asn, false, this.#local(this.#ssid(), lan, '1'));
  }

  /** The next address of a household whose provider renumbers it: same router. */
  renumbered(home: Network): Network {
    return { ...home, ip: this.address() };
  }

  /** A place many guests share: hotel, café, coworking space. */
  shared(city: City, kind: 'hotel' | 'coworking'): Network {
    const chosen =
      kind === 'coworking'
        ? businessProvider
        : this.#random.weighted(homeProviders[city.country] ?? [[businessProvider, 1]]);
    return this.#network(
      this.address(),
      city,
      chosen,
      false,
      this.#local(kind === 'hotel' ? 'Guest' : 'Workspace', '172.16.4', '1'),
    );
  }

  /** The addresses a phone of this place shows up with: one carrier's gateways, the nearest first. */
  mobile(city: City, random: Random): Network[] {
    const list = carriers[city.country];
    const carrier = list
      ? random.pick(list)
      : {
          provider: this.#random.weighted(homeProviders[city.country] ?? [[businessProvider, 1]]),
          gateways: [city.name],
        };
    const all: Network[] = [];
    for (const gateway of carrier.gateways) {
      const key = `${carrier.provider.asn}/${city.country}/${gateway}`;
      let pool = this.#mobile.get(key);
      if (!pool) {
        const at = cities.find((one) => one.country === city.country && one.name === gateway) ?? city;
        pool = Array.from({ length: 8 }, () => this.#network(this.address(), at, carrier.provider, false));
        this.#mobile.set(key, pool);
      }
      all.push(...pool);
    }
    return all.sort((a, b) => kilometres(a.city, city) - kilometres(b.city, city));
  }

  /** Exits of Apple's and Cloudflare's relays near a place. Many people share each. */
  relays(city: City): Network[] {
    const key = `${city.country}/${city.region}`;
    let pool = this.#relays.get(key);
    if (!pool) {
      pool = Array.from({ length: 6 }, (_, i) => {
        const chosen = relayProviders[i % relayProviders.length] as Provider;
        const operator = chosen.asn === 13335 ? 'WARP_VPN' : 'ICLOUD_RELAY_PROXY';
        const block = this.#relays.size.toString(16);
        return this.#network(
          `2001:db8:a${block.padStart(3, '0')}::${(i + 1).toString(16)}`,
          city,
          chosen,
          true,
          undefined,
          {
            operator,
            type: operator === 'WARP_VPN' ? 'VPN' : 'PROXY',
          },
        );
      });
      this.#relays.set(key, pool);
    }
    return pool;
  }

  /** A consumer VPN's exits in a country, shared by all its customers. */
  consumerVpn(random: Random, country: string): Network[] {
    const [operator, chosen] = random.weighted(consumerOperators.map((one) => [one, one[2]] as const));
    const key = `${operator}/${country}`;
    let pool = this.#consumer.get(key);
    if (!pool) {
      const places = cities.filter((one) => one.country === country);
      const start = this.#consumer.size * 3;
      pool = Array.from({ length: 3 }, (_, i) =>
        this.#network(
          `203.0.113.${(start + i) % 190}`,
          places[(start + i) % places.length] as City,
          chosen,
          true,
          undefined,
          { operator, type: 'VPN' },
        ),
      );
      this.#consumer.set(key, pool);
    }
    return pool;
  }

  /** A satellite link seems to be wherever its ground station is, which is seldom where the dish is. */
  satellite(random: Random): { pool: Network[]; local: LocalNetwork } {
    return { pool: random.sample(this.#starlinks, 2), local: this.#local('STARLINK', '192.168.1', '1') };
  }

  /** A fresh IPv4 address of 198.18.0.0/15, spread so that neighbours have nothing in common. */
  address(): string {
    // 65537 * odd steps through all 2^17 addresses before any comes twice.
    const n = (this.#homeOffset + this.#home++ * 40503) % 131072;
    if (this.#home > 131072) throw new RangeError('more networks than 198.18.0.0/15 has addresses');
    return `198.${18 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
  }

  #network(
    ip: string,
    city: City,
    p: Provider,
    isProxy: boolean,
    local?: LocalNetwork,
    tunnel?: Network['tunnel'],
  ): Network {
    return { ip, city, ...p, isProxy, ...(local ? { local } : {}), ...(tunnel ? { tunnel } : {}) };
  }

  #local(ssid: string, lan: string, host: string): LocalNetwork {
    const gatewayMac = this.#mac();
    // The radio of a home router is most often the next address after its wired side.
    const last = (Number.parseInt(gatewayMac.slice(-2), 16) + 1) % 256;
    return {
      ssid,
      bssid: `${gatewayMac.slice(0, -2)}${last.toString(16).padStart(2, '0')}`,
      gatewayIp: `${lan}.${host}`,
      gatewayMac,
      lan,
    };
  }

  #mac(): string {
    const maker = this.#random.pick(['9c:a5:13', 'c8:3d:f2', '10:5a:b3', 'f0:9f:77', '44:d9:8e', '7c:10:c9']);
    return `${maker}:${this.#random.hex(2)}:${this.#random.hex(2)}:${this.#random.hex(2)}`;
  }

  #ssid(): string {
    return this.#random.weighted([
      [`NETGEAR${this.#random.digits(2)}`, 3],
      [`SETUP-${this.#random.hex(4).toUpperCase()}`, 3],
      [`MyHome-${this.#random.digits(3)}`, 2],
      [`TP-Link_${this.#random.hex(4).toUpperCase()}`, 2],
      [`WiFi-${this.#random.hex(4).toUpperCase()}`, 2],
    ]);
  }
}

export function countryName(city: City): string {
  return countryNames[city.country] ?? city.country;
}
