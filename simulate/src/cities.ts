/** Real places, so that sign-ins, homes and deliveries lie at true distances. Nothing else about a place is used. */
export interface City {
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** ISO 3166-2 without the country. */
  region: string;
  regionName: string;
  lat: number;
  lon: number;
  /** Hours from UTC in September. */
  utc: number;
  /** How its postal codes begin. */
  postal: string;
  /** Telephone area codes, where the country numbers by area. */
  areaCodes: string[];
}

export const countryNames: Record<string, string> = {
  US: 'United States',
  CA: 'Canada',
  GB: 'United Kingdom',
  IE: 'Ireland',
  DE: 'Germany',
  NL: 'Netherlands',
  FR: 'France',
  ES: 'Spain',
  PT: 'Portugal',
  PL: 'Poland',
  SE: 'Sweden',
  CZ: 'Czechia',
  RO: 'Romania',
  UA: 'Ukraine',
  TR: 'Türkiye',
  IN: 'India',
  PK: 'Pakistan',
  PH: 'Philippines',
  VN: 'Vietnam',
  TH: 'Thailand',
  MY: 'Malaysia',
  ID: 'Indonesia',
  SG: 'Singapore',
  CN: 'China',
  HK: 'Hong Kong',
  TW: 'Taiwan',
  JP: 'Japan',
  KR: 'South Korea',
  LA: 'Laos',
  RU: 'Russia',
  AE: 'United Arab Emirates',
  IL: 'Israel',
  NG: 'Nigeria',
  KE: 'Kenya',
  ZA: 'South Africa',
  BR: 'Brazil',
  MX: 'Mexico',
  AR: 'Argentina',
  CO: 'Colombia',
  CL: 'Chile',
  AU: 'Australia',
  NZ: 'New Zealand',
  IT: 'Italy',
  CH: 'Switzerland',
  EG: 'Egypt',
};

/** name | region | region's name | lat | lon | hours from UTC | postal prefix | area codes */
const rows: Record<string, string> = {
  US: `
New York|NY|New York|40.7128|-74.0060|-4|100|212,646,332
Los Angeles|CA|California|34.0522|-118.2437|-7|900|213,323,310
Chicago|IL|Illinois|41.8781|-87.6298|-5|606|312,773,872
Houston|TX|Texas|29.7604|-95.3698|-5|770|713,281,832
Phoenix|AZ|Arizona|33.4484|-112.0740|-7|850|602,480,623
Philadelphia|PA|Pennsylvania|39.9526|-75.1652|-4|191|215,267,445
San Antonio|TX|Texas|29.4241|-98.4936|-5|782|210,726
San Diego|CA|California|32.7157|-117.1611|-7|921|619,858
Dallas|TX|Texas|32.7767|-96.7970|-5|752|214,469,972
Austin|TX|Texas|30.2672|-97.7431|-5|787|512,737
Jacksonville|FL|Florida|30.3322|-81.6557|-4|322|904
San Jose|CA|California|37.3382|-121.8863|-7|951|408,669
Columbus|OH|Ohio|39.9612|-82.9988|-4|432|614,380
Charlotte|NC|North Carolina|35.2271|-80.8431|-4|282|704,980
Indianapolis|IN|Indiana|39.7684|-86.1581|-4|462|317,463
San Francisco|CA|California|37.7749|-122.4194|-7|941|415,628
Seattle|WA|Washington|47.6062|-122.3321|-7|981|206
Denver|CO|Colorado|39.7392|-104.9903|-6|802|303,720,983
Washington|DC|District of Columbia|38.9072|-77.0369|-4|200|202
Nashville|TN|Tennessee|36.1627|-86.7816|-5|372|615,629
Oklahoma City|OK|Oklahoma|35.4676|-97.5164|-5|731|405
Boston|MA|Massachusetts|42.3601|-71.0589|-4|021|617,857
Portland|OR|Oregon|45.5152|-122.6784|-7|972|503,971
Las Vegas|NV|Nevada|36.1699|-115.1398|-7|891|702,725
Detroit|MI|Michigan|42.3314|-83.0458|-4|482|313
Memphis|TN|Tennessee|35.1495|-90.0490|-5|381|901
Louisville|KY|Kentucky|38.2527|-85.7585|-4|402|502
Baltimore|MD|Maryland|39.2904|-76.6122|-4|212|410,443
Milwaukee|WI|Wisconsin|43.0389|-87.9065|-5|532|414
Albuquerque|NM|New Mexico|35.0844|-106.6504|-6|871|505
Tucson|AZ|Arizona|32.2226|-110.9747|-7|857|520
Fresno|CA|California|36.7378|-119.7871|-7|937|559
Sacramento|CA|California|38.5816|-121.4944|-7|958|916,279
Kansas City|MO|Missouri|39.0997|-94.5786|-5|641|816
Atlanta|GA|Georgia|33.7490|-84.3880|-4|303|404,470,678
Omaha|NE|Nebraska|41.2565|-95.9345|-5|681|402,531
Raleigh|NC|North Carolina|35.7796|-78.6382|-4|276|919,984
Miami|FL|Florida|25.7617|-80.1918|-4|331|305,786
Minneapolis|MN|Minnesota|44.9778|-93.2650|-5|554|612
Tampa|FL|Florida|27.9506|-82.4572|-4|336|813
New Orleans|LA|Louisiana|29.9511|-90.0715|-5|701|504
Cleveland|OH|Ohio|41.4993|-81.6944|-4|441|216
Honolulu|HI|Hawaii|21.3069|-157.8583|-10|968|808
Pittsburgh|PA|Pennsylvania|40.4406|-79.9959|-4|152|412,878
Cincinnati|OH|Ohio|39.1031|-84.5120|-4|452|513
St. Louis|MO|Missouri|38.6270|-90.1994|-5|631|314
Orlando|FL|Florida|28.5383|-81.3792|-4|328|407,321
Buffalo|NY|New York|42.8864|-78.8784|-4|142|716
Boise|ID|Idaho|43.6150|-116.2023|-6|837|208,986
Richmond|VA|Virginia|37.5407|-77.4360|-4|232|804
Spokane|WA|Washington|47.6588|-117.4260|-7|992|509
Des Moines|IA|Iowa|41.5868|-93.6250|-5|503|515
Salt Lake City|UT|Utah|40.7608|-111.8910|-6|841|801,385
Little Rock|AR|Arkansas|34.7465|-92.2896|-5|722|501
Birmingham|AL|Alabama|33.5186|-86.8104|-5|352|205,659
Rochester|NY|New York|43.1566|-77.6088|-4|146|585
Grand Rapids|MI|Michigan|42.9634|-85.6681|-4|495|616
Knoxville|TN|Tennessee|35.9606|-83.9207|-4|379|865
Providence|RI|Rhode Island|41.8240|-71.4128|-4|029|401
Anchorage|AK|Alaska|61.2181|-149.9003|-8|995|907
Madison|WI|Wisconsin|43.0731|-89.4012|-5|537|608
Reno|NV|Nevada|39.5296|-119.8138|-7|895|775
Asheville|NC|North Carolina|35.5951|-82.5515|-4|288|828
Burlington|VT|Vermont|44.4759|-73.2121|-4|054|802
Portland|ME|Maine|43.6591|-70.2568|-4|041|207
Charleston|SC|South Carolina|32.7765|-79.9311|-4|294|843,854
Fargo|ND|North Dakota|46.8772|-96.7898|-5|581|701
Sioux Falls|SD|South Dakota|43.5446|-96.7311|-5|571|605
Billings|MT|Montana|45.7833|-108.5007|-6|591|406
Cheyenne|WY|Wyoming|41.1400|-104.8202|-6|820|307
Wichita|KS|Kansas|37.6872|-97.3301|-5|672|316
Jackson|MS|Mississippi|32.2988|-90.1848|-5|392|601,769
Manchester|NH|New Hampshire|42.9956|-71.4548|-4|031|603
Wilmington|DE|Delaware|39.7391|-75.5398|-4|198|302
Hartford|CT|Connecticut|41.7658|-72.6734|-4|061|860,959
Newark|NJ|New Jersey|40.7357|-74.1724|-4|071|862,973
Eugene|OR|Oregon|44.0521|-123.0868|-7|974|541,458
Lubbock|TX|Texas|33.5779|-101.8552|-5|794|806
El Paso|TX|Texas|31.7619|-106.4850|-6|799|915
Fort Collins|CO|Colorado|40.5853|-105.0844|-6|805|970`,
  CA: `
Toronto|ON|Ontario|43.6532|-79.3832|-4|M5|416,647,437
Vancouver|BC|British Columbia|49.2827|-123.1207|-7|V6|604,778
Montreal|QC|Quebec|45.5019|-73.5674|-4|H3|514,438
Calgary|AB|Alberta|51.0447|-114.0719|-6|T2|403,587
Ottawa|ON|Ontario|45.4215|-75.6972|-4|K1|613,343
Halifax|NS|Nova Scotia|44.6488|-63.5752|-3|B3|902,782
Winnipeg|MB|Manitoba|49.8951|-97.1384|-5|R3|204,431
Quebec City|QC|Quebec|46.8139|-71.2080|-4|G1|418,581`,
  GB: `
London|ENG|England|51.5074|-0.1278|1|SE|
Manchester|ENG|England|53.4808|-2.2426|1|M|
Birmingham|ENG|England|52.4862|-1.8904|1|B|
Leeds|ENG|England|53.8008|-1.5491|1|LS|
Bristol|ENG|England|51.4545|-2.5879|1|BS|
Edinburgh|SCT|Scotland|55.9533|-3.1883|1|EH|
Glasgow|SCT|Scotland|55.8642|-4.2518|1|G|
Cardiff|WLS|Wales|51.4816|-3.1791|1|CF|
Belfast|NIR|Northern Ireland|54.5973|-5.9301|1|BT|
Newcastle upon Tyne|ENG|England|54.9783|-1.6178|1|NE|`,
  IE: `
Dublin|D|Leinster|53.3498|-6.2603|1|D0|
Cork|CO|Munster|51.8985|-8.4756|1|T1|`,
  DE: `
Berlin|BE|Berlin|52.5200|13.4050|2|101|
Hamburg|HH|Hamburg|53.5511|9.9937|2|200|
Munich|BY|Bavaria|48.1351|11.5820|2|803|
Cologne|NW|North Rhine-Westphalia|50.9375|6.9603|2|506|
Frankfurt am Main|HE|Hesse|50.1109|8.6821|2|603|
Leipzig|SN|Saxony|51.3397|12.3731|2|041|`,
  NL: `
Amsterdam|NH|North Holland|52.3676|4.9041|2|10|
Utrecht|UT|Utrecht|52.0907|5.1214|2|35|`,
  FR: `
Paris|IDF|Île-de-France|48.8566|2.3522|2|750|
Lyon|ARA|Auvergne-Rhône-Alpes|45.7640|4.8357|2|690|
Bordeaux|NAQ|Nouvelle-Aquitaine|44.8378|-0.5792|2|330|`,
  ES: `
Madrid|MD|Madrid|40.4168|-3.7038|2|280|
Barcelona|CT|Catalonia|41.3874|2.1686|2|080|
Valencia|VC|Valencian Community|39.4699|-0.3763|2|460|`,
  PT: `
Lisbon|11|Lisbon|38.7223|-9.1393|1|11|
Porto|13|Porto|41.1579|-8.6291|1|40|`,
  IT: `
Milan|25|Lombardy|45.4642|9.1900|2|201|
Rome|62|Lazio|41.9028|12.4964|2|001|`,
  CH: `
Zurich|ZH|Zurich|47.3769|8.5417|2|80|`,
  PL: `
Warsaw|MZ|Mazovia|52.2297|21.0122|2|00|
Kraków|MA|Lesser Poland|50.0647|19.9450|2|30|
Wrocław|DS|Lower Silesia|51.1079|17.0385|2|50|
Gdańsk|PM|Pomerania|54.3520|18.6466|2|80|`,
  SE: `
Stockholm|AB|Stockholm|59.3293|18.0686|2|111|`,
  CZ: `
Prague|10|Prague|50.0755|14.4378|2|110|`,
  RO: `
Bucharest|B|Bucharest|44.4268|26.1025|3|010|`,
  UA: `
Kyiv|30|Kyiv|50.4501|30.5234|3|010|
Lviv|46|Lviv|49.8397|24.0297|3|790|`,
  TR: `
Istanbul|34|Istanbul|41.0082|28.9784|3|340|
Ankara|06|Ankara|39.9334|32.8597|3|060|`,
  IN: `
Bengaluru|KA|Karnataka|12.9716|77.5946|5.5|560|
Mumbai|MH|Maharashtra|19.0760|72.8777|5.5|400|
Delhi|DL|Delhi|28.7041|77.1025|5.5|110|
Hyderabad|TS|Telangana|17.3850|78.4867|5.5|500|
Pune|MH|Maharashtra|18.5204|73.8567|5.5|411|
Chennai|TN|Tamil Nadu|13.0827|80.2707|5.5|600|`,
  PK: `
Lahore|PB|Punjab|31.5204|74.3587|5|540|`,
  PH: `
Manila|00|Metro Manila|14.5995|120.9842|8|100|
Cebu City|CEB|Cebu|10.3157|123.8854|8|600|
Davao City|DAS|Davao del Sur|7.1907|125.4553|8|800|`,
  VN: `
Ho Chi Minh City|SG|Ho Chi Minh City|10.8231|106.6297|7|700|`,
  TH: `
Bangkok|10|Bangkok|13.7563|100.5018|7|101|`,
  MY: `
Kuala Lumpur|14|Kuala Lumpur|3.1390|101.6869|8|500|`,
  ID: `
Jakarta|JK|Jakarta|-6.2088|106.8456|7|101|`,
  SG: `
Singapore|01|Central Singapore|1.3521|103.8198|8|178|`,
  CN: `
Shanghai|SH|Shanghai|31.2304|121.4737|8|200|
Beijing|BJ|Beijing|39.9042|116.4074|8|100|
Shenyang|LN|Liaoning|41.8057|123.4315|8|110|
Dalian|LN|Liaoning|38.9140|121.6147|8|116|
Shenzhen|GD|Guangdong|22.5431|114.0579|8|518|`,
  HK: `
Hong Kong|HK|Hong Kong|22.3193|114.1694|8|999|`,
  TW: `
Taipei|TPE|Taipei|25.0330|121.5654|8|100|`,
  JP: `
Tokyo|13|Tokyo|35.6762|139.6503|9|100|
Osaka|27|Osaka|34.6937|135.5023|9|530|`,
  KR: `
Seoul|11|Seoul|37.5665|126.9780|9|045|
Busan|26|Busan|35.1796|129.0756|9|480|`,
  LA: `
Vientiane|VT|Vientiane|17.9757|102.6331|7|010|`,
  RU: `
Vladivostok|PRI|Primorsky Krai|43.1155|131.8855|10|690|
Moscow|MOW|Moscow|55.7558|37.6173|3|101|`,
  AE: `
Dubai|DU|Dubai|25.2048|55.2708|4|000|`,
  IL: `
Tel Aviv|TA|Tel Aviv|32.0853|34.7818|3|610|`,
  EG: `
Cairo|C|Cairo|30.0444|31.2357|3|115|`,
  NG: `
Lagos|LA|Lagos|6.5244|3.3792|1|100|
Abuja|FC|Federal Capital Territory|9.0765|7.3986|1|900|`,
  KE: `
Nairobi|30|Nairobi|-1.2921|36.8219|3|001|`,
  ZA: `
Cape Town|WC|Western Cape|-33.9249|18.4241|2|800|
Johannesburg|GP|Gauteng|-26.2041|28.0473|2|200|`,
  BR: `
São Paulo|SP|São Paulo|-23.5505|-46.6333|-3|010|
Rio de Janeiro|RJ|Rio de Janeiro|-22.9068|-43.1729|-3|200|
Curitiba|PR|Paraná|-25.4284|-49.2733|-3|800|
Recife|PE|Pernambuco|-8.0476|-34.8770|-3|500|`,
  MX: `
Mexico City|CMX|Mexico City|19.4326|-99.1332|-6|060|
Guadalajara|JAL|Jalisco|20.6597|-103.3496|-6|441|
Monterrey|NLE|Nuevo León|25.6866|-100.3161|-6|640|
Mérida|YUC|Yucatán|20.9674|-89.5926|-6|970|`,
  AR: `
Buenos Aires|C|Buenos Aires|-34.6037|-58.3816|-3|C10|`,
  CO: `
Bogotá|DC|Bogotá|4.7110|-74.0721|-5|110|`,
  CL: `
Santiago|RM|Santiago Metropolitan|-33.4489|-70.6693|-3|832|`,
  AU: `
Sydney|NSW|New South Wales|-33.8688|151.2093|10|20|
Melbourne|VIC|Victoria|-37.8136|144.9631|10|30|
Brisbane|QLD|Queensland|-27.4698|153.0251|10|40|
Perth|WA|Western Australia|-31.9505|115.8605|8|60|`,
  NZ: `
Auckland|AUK|Auckland|-36.8485|174.7633|12|10|`,
};

export const cities: readonly City[] = Object.entries(rows).flatMap(([country, text]) =>
  text
    .trim()
    .split('\n')
    .map((row) => {
      const [name = '', region = '', regionName = '', lat = '', lon = '', utc = '', postal = '', areas = ''] =
        row.split('|');
      return {
        name,
        country,
        region,
        regionName,
        postal,
        lat: Number(lat),
        lon: Number(lon),
        utc: Number(utc),
        areaCodes: areas ? areas.split(',') : [],
      };
    }),
);

const byCountry = new Map<string, City[]>();
for (const city of cities) byCountry.set(city.country, [...(byCountry.get(city.country) ?? []), city]);

export function citiesOf(country: string): readonly City[] {
  return byCountry.get(country) ?? [];
}

/** The first city of that name in that country. */
export function cityNamed(name: string, country: string): City {
  const city = citiesOf(country).find((one) => one.name === name);
  if (!city) throw new RangeError(`no such city: ${name}, ${country}`);
  return city;
}

/** Great-circle distance. */
export function kilometres(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 12742 * Math.asin(Math.sqrt(h));
}
