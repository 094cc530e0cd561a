import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, many, one, type PatternPart, parsePattern } from '../pattern.js';
import { compileRegex } from '../regex.js';
import { apply, indent, itemRule, pipelineOf, refusals, ruleOf, sel } from '../testing/pipelines.js';

const changed = (item: string, transformation: string) =>
  sel(apply(itemRule(item), pipelineOf(transformation)));

describe('replace_string', () => {
  const slashes = "- type: replace_string\n  regex: '\\\\'\n  replacement: /";

  it('sees values with the wildcards of their modifiers', () => {
    expect(changed("Image|endswith: '\\cmd.exe'", slashes)).toBe('Image=*/cmd.exe');
    const start = "- type: replace_string\n  regex: '^\\*'\n  replacement: ''";
    expect(changed("Image|endswith|cased: '\\cmd.exe'", start)).toBe('Image|cased=\\cmd.exe');
  });

  it('keeps modifiers of items it does not change', () => {
    expect(changed('Image|endswith: cmd.exe', slashes)).toBe('Image|endswith=cmd.exe');
  });

  it('keeps values of a changed item that it does not touch', () => {
    expect(changed("Image|contains: ['a\\b', c, 5]", slashes)).toBe('Image=*a/b*,*c*,*5*');
  });

  it('uses groups, and reads wildcards it puts in as such', () => {
    const items = "- type: replace_string\n  regex: '(?P<drive>[A-Z]):'\n  replacement: '\\g<drive>*'";
    expect(changed("Image: 'C:\\x?\\*'", items)).toBe('Image=C*\\x?\\*');
  });

  it('leaves what it does not match as it was, whatever it looks like', () => {
    const items = "- type: replace_string\n  regex: 'x'\n  replacement: 'y'";
    // A backslash before a wildcard is no escape of it.
    expect(changed("Image: 'C:\\\\*x\\*'", items)).toBe('Image=C:\\\\*y\\*');
  });

  it('reads halves of an escape together with what takes the place of the other half', () => {
    const items = "- type: replace_string\n  regex: '\\\\'\n  replacement: '#'";
    expect(changed("Image: 'a\\*b'", items)).toBe('Image=a#*b');
  });

  it('skip_special looks at the text between wildcards only', () => {
    const items = "- type: replace_string\n  regex: '^a'\n  replacement: 'b*'\n  skip_special: true";
    expect(changed('Image: a*a?za', items)).toBe('Image=b\\**b\\*?za');
    expect(changed('Image: a*a?za', `${items}\n  interpret_special: true`)).toBe('Image=b*b*?za');
  });

  it('takes numbers for their text', () => {
    const items = "- type: replace_string\n  regex: '^4'\n  replacement: '5'";
    expect(changed('EventID: [4688, 1]', items)).toBe('EventID=5688,1');
  });

  it('leaves other kinds of items alone', () => {
    const items = "- type: replace_string\n  regex: '.'\n  replacement: 'x'";
    const item =
      'A|re: a.b\nB|cidr: 192.0.2.0/24\nC|fieldref: D\nE|exists: true\nF|gt: 5\nG|base64: abc\nH: null\nI: true';
    expect(changed(item, items)).toBe(sel(itemRule(item)));
  });

  it('keeps placeholders', () => {
    const items = "- type: replace_string\n  regex: '^a'\n  replacement: 'b%'";
    expect(changed("Image|expand: 'a%name%'", items)).toBe('Image|expand=b\\%%name%');
  });
});

describe('map_string', () => {
  const items = "- type: map_string\n  mapping:\n    low: S-1\n    '*high*': [S-2, 'S-3*']";

  it('maps whole values, to one or several', () => {
    expect(changed('Level: [low, lower, LOW]', items)).toBe('Level=S-1,lower,LOW');
    expect(changed('Level|contains: high', items)).toBe('Level=S-2,S-3*');
    expect(changed('Level|contains: low', items)).toBe('Level|contains=low');
  });
});

describe('case', () => {
  it.each([
    ['lower', 'Image=*\\cmd.exe'],
    ['upper', 'Image=*\\CMD.EXE'],
    ['snake_case', 'Image=*\\_cmd._exe'],
  ])('%s', (method, expected) => {
    expect(changed("Image|endswith: '\\Cmd.Exe'", `- {type: case, method: ${method}}`)).toBe(expected);
  });

  it('changes no placeholder', () => {
    expect(changed("Image|expand: 'A%Name%B'", '- {type: case}')).toBe('Image|expand=a%Name%b');
  });
});

describe('set_value', () => {
  it('sets one value of the type written, and drops modifiers that belong to the old ones', () => {
    expect(changed('A|contains|all: [x, y]', '- {type: set_value, value: z}')).toBe('A=z');
    expect(changed('A|re: x', '- {type: set_value, value: 5}')).toBe('A=<5>');
    expect(changed('A|neq: x', '- {type: set_value, value: null}')).toBe('A|neq=<null>');
    expect(changed('A: x', '- {type: set_value, value: 5, force_type: str}')).toBe('A=5');
    expect(changed('A: x', '- {type: set_value, value: "5", force_type: num}')).toBe('A=<5>');
  });
});

describe('convert_type', () => {
  it('makes numbers text, and text numbers', () => {
    expect(changed('A: [5, x, true]', '- {type: convert_type, target_type: str}')).toBe('A=5,x,<true>');
    expect(changed('A: ["5", 6, "-1.5"]', '- {type: convert_type, target_type: num}')).toBe(
      'A=<5>,<6>,<-1.5>',
    );
  });

  it('refuses text that is no number, at its place', () => {
    const rule = itemRule('A:\n  - "5"\n  - x');
    expect(refusals(rule, pipelineOf('- {type: convert_type, target_type: num}'))).toEqual([
      {
        code: 'pipeline',
        severity: 'error',
        message: '"x" cannot be made a number, as a pipeline asks',
        at: { file: 'rule.yml', line: 14, column: 9 },
      },
    ]);
  });
});

describe('regex', () => {
  it.each([
    ['A: a.b', 'ignore_case_brackets', 'A|re|s=^[aA]\\.[bB]$'],
    ['A: a.b', 'ignore_case_flag', 'A|re|i|s=^a\\.b$'],
    ['A: a.b', 'plain', 'A|re|s=^a\\.b$'],
    ['A|contains|all: [a, b?c]', 'plain', 'A|re|s|all=a,b.c'],
    ['A|startswith: a*b', 'plain', 'A|re|s=^a.*b'],
    ['A|cased: aB', 'ignore_case_flag', 'A|re|s=^aB$'],
    ['A|windash: -x', 'plain', 'A|re|s=^[-/–—―]x$'],
    ['A|neq: x', 'plain', 'A|re|s|neq=^x$'],
    ['A: ""', 'plain', 'A|re|s=^$'],
    ['A: "*"', 'plain', 'A|re|s=.*'],
  ])('%s by %s', (item, method, expected) => {
    expect(changed(item, `- {type: regex, method: ${method}}`)).toBe(expected);
  });

  it('keeps values of other types in an item of their own', () => {
    expect(changed('A: [x, 5]', '- {type: regex, method: plain}')).toBe('any(A|re|s=^x$ A=<5>)');
    expect(changed('A|contains|all: [x, 5]', '- {type: regex, method: plain}')).toBe(
      'all(A|re|s=x A|contains=<5>)',
    );
    expect(changed('A|neq: [x, 5]', '- {type: regex, method: plain}')).toBe('all(A|re|s|neq=^x$ A|neq=<5>)');
  });

  it('looks for keywords anywhere', () => {
    const rule = ruleOf('sel: [evil]\ncondition: sel');
    expect(sel(apply(rule, pipelineOf('- {type: regex, method: plain}')))).toBe('|re|s=evil');
  });

  it('refuses placeholders', () => {
    const found = refusals(itemRule('A|expand: "%x%"'), pipelineOf('- {type: regex}'));
    expect(found).toEqual([expect.objectContaining({ code: 'placeholder', severity: 'error' })]);
  });

  it.each(['ignore_case_brackets', 'ignore_case_flag', 'plain'])(
    'matches what the string matched (%s)',
    (method) => {
      const unit = fc.constantFrom('a', 'B', '.', '*', '?', '\\', '[', '-', '\n', 'é', '😀', '^', '$');
      const pipeline = pipelineOf(`- {type: regex, method: ${method}}`);
      fc.assert(
        fc.property(fc.string({ unit, maxLength: 6 }), fc.string({ unit, maxLength: 6 }), (value, text) => {
          const rule = apply(itemRule(`A: ${JSON.stringify(value)}`), pipeline);
          const item = rule.detections.get('sel');
          if (item?.kind !== 'item') throw new Error('no item');
          const test = compileRegex({
            kind: 'regex',
            source: String(item.values[0]?.value),
            ignoreCase: item.modifiers.includes('i'),
            multiline: false,
            dotAll: item.modifiers.includes('s'),
          });
          const as = method === 'plain' ? (each: string) => each : fold;
          expect(test(text)).toBe(fits(parsePattern(as(value)), [...as(text)]));
        }),
      );
    },
  );
});

/** Whether a whole text fits a pattern, the plain way. */
function fits(parts: readonly PatternPart[], text: readonly string[]): boolean {
  const [first, ...rest] = parts;
  if (first === undefined) return text.length === 0;
  if (first === one) return text.length > 0 && fits(rest, text.slice(1));
  if (first === many)
    return Array.from({ length: text.length + 1 }, (_, n) => fits(rest, text.slice(n))).includes(true);
  const chars = [...first];
  return chars.every((char, i) => text[i] === char) && fits(rest, text.slice(chars.length));
}

describe('hashes_fields', () => {
  const md5 = 'a'.repeat(32);
  const sha1 = 'b'.repeat(40);
  const sha256 = 'c'.repeat(64);
  const items = '- {type: hashes_fields, valid_hash_algos: [md5, SHA256], field_prefix: File}';

  it('makes a field of each algorithm', () => {
    expect(changed(`Hashes|contains: ['MD5=${md5}', 'SHA256|${sha256}', 'MD5=ff']`, items)).toBe(
      `any(FileMD5=${md5},ff* FileSHA256=${sha256})`,
    );
  });

  it('knows hashes without a name by their length', () => {
    expect(changed(`Hashes: ${md5}`, items)).toBe(`FileMD5=${md5}`);
    expect(changed(`Hash|contains: ${sha256}`, items)).toBe(`FileSHA256=${sha256}`);
  });

  it('keeps the hashes of one value together', () => {
    expect(changed(`Hashes: 'MD5=${md5},SHA256=${sha256}'`, items)).toBe(
      `all(FileMD5=${md5} FileSHA256=${sha256})`,
    );
    expect(changed(`Hashes|contains|all: ['MD5=${md5}', 'SHA256=${sha256}']`, items)).toBe(
      `all(FileMD5=${md5} FileSHA256=${sha256})`,
    );
    expect(changed(`Hashes|neq: ['MD5=${md5}', 'SHA256=${sha256}']`, items)).toBe(
      `all(FileMD5|neq=${md5} FileSHA256|neq=${sha256})`,
    );
  });

  it('can leave the algorithm out, and can seek everywhere', () => {
    const drop =
      '- {type: hashes_fields, valid_hash_algos: [MD5], field_prefix: hash, drop_algo_prefix: true}';
    expect(changed(`Hashes: MD5=${md5}`, drop)).toBe(`hash=${md5}`);
    expect(changed(`Hashes: MD5=${md5}`, drop.replace('hash,', 'keyword,'))).toBe(`=${md5}`);
  });

  it('looks at the fields it is told of', () => {
    expect(changed(`Other: MD5=${md5}`, items)).toBe(`Other=MD5=${md5}`);
    const other = '- {type: hashes_fields, valid_hash_algos: [MD5], field_to_parse: [Other]}';
    expect(changed(`Other: MD5=${md5}`, other)).toBe(`MD5=${md5}`);
  });

  it('leaves out algorithms that are not listed, and says so', () => {
    const rule = itemRule(`Hashes: ['MD5=${md5}', 'SHA1=${sha1}']`);
    expect(sel(apply(rule, pipelineOf(items)))).toBe(`FileMD5=${md5}`);
    expect(refusals(rule, pipelineOf(items))).toEqual([
      expect.objectContaining({
        severity: 'warning',
        message: `"SHA1=${sha1}" is no hash of MD5, SHA256: left out`,
      }),
    ]);
  });

  it.each([
    [`Hashes: 'SHA1=${sha1}'`],
    ['Hashes: something'],
    [`Hashes|all: ['MD5=${md5}', 'SHA1=${sha1}']`],
  ])('refuses what it cannot express: %s', (item) => {
    expect(refusals(itemRule(item), pipelineOf(items))).toEqual([
      expect.objectContaining({ code: 'pipeline', severity: 'error' }),
    ]);
  });
});

describe('extract_fields', () => {
  const items = indent(
    "type: extract_fields\nregex: '(?P<type>[A-Za-z]+):(?P<data>\\w*)'\nfield_prefix: reg",
    2,
  ).replace('  ', '- ');

  it('makes a field of each named group', () => {
    expect(changed("Details: 'Dword:15'", items)).toBe('all(reg.type=Dword reg.data=<15>)');
    expect(changed("Details: ['Dword:1', 'Qword:007']", items)).toBe(
      'any(all(reg.type=Dword reg.data=<1>) all(reg.type=Qword reg.data=007))',
    );
  });

  it('leaves out groups that match nothing, and knows null', () => {
    expect(changed("Details: 'Dword:'", items)).toBe('reg.type=Dword');
    expect(changed("Details: 'Dword:null'", items)).toBe('all(reg.type=Dword reg.data=<null>)');
  });

  it('drops values that do not match unless told to keep them', () => {
    expect(changed("Details: ['Dword:1', other]", items)).toBe('all(reg.type=Dword reg.data=<1>)');
    expect(changed("Details: ['Dword:1', other]", `${items}\n  preserve_unmatched: true`)).toBe(
      'any(all(reg.type=Dword reg.data=<1>) Details=other)',
    );
    expect(changed('Details: other', items)).toBe('Details=other');
  });

  it('takes the group for the field without a prefix', () => {
    const bare = "- type: extract_fields\n  regex: '(?P<a>x)'";
    expect(changed('Details: x', bare)).toBe('a=x');
  });
});
