/**
 * Countries, and the states and provinces that addresses name in place of a country, in lower case. Used to tell that a
 * line is a place, and for nothing else.
 */
export const regions: ReadonlySet<string> = new Set([...countries(), ...states()]);

/** English names come with Node; the rest is how people also write them. */
function countries(): string[] {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const codes = Array.from({ length: 26 * 26 }, (_, index) =>
    String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26)),
  );
  return [
    ...codes.flatMap((code) => names.of(code)?.toLowerCase() ?? []),
    ...'usa|us|u.s|u.s.a|united states of america|uk|u.k|great britain|england|scotland|wales|northern ireland|uae|turkey|republic of korea|korea|czech republic|the netherlands|holland|hong kong|macau|ivory coast|cape verde|viet nam|russian federation|myanmar|burma|palestine|congo'.split(
      '|',
    ),
  ];
}

function states(): string[] {
  const list =
    'al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware|dc district of columbia|fl florida|ga georgia|hi hawaii|id idaho|il illinois|in indiana|ia iowa|ks kansas|ky kentucky|la louisiana|me maine|md maryland|ma massachusetts|mi michigan|mn minnesota|ms mississippi|mo missouri|mt montana|ne nebraska|nv nevada|nh new hampshire|nj new jersey|nm new mexico|ny new york|nc north carolina|nd north dakota|oh ohio|ok oklahoma|or oregon|pa pennsylvania|pr puerto rico|ri rhode island|sc south carolina|sd south dakota|tn tennessee|tx texas|ut utah|vt vermont|va virginia|wa washington|wv west virginia|wi wisconsin|wy wyoming|ab alberta|bc british columbia|mb manitoba|nb new brunswick|nl newfoundland and labrador|ns nova scotia|on ontario|pe prince edward island|qc quebec|qc québec|sk saskatchewan|nsw new south wales|vic victoria|qld queensland|tas tasmania|act australian capital territory';
  return list.split('|').flatMap((entry) => {
    const [short = '', ...name] = entry.split(' ');
    return [short, name.join(' ')];
  });
}
