import { describe, expect, it } from 'vitest';
import { Problems } from '../errors.js';
import { planItem } from '../planner.js';
import { apply, itemRule, pipelineOf, refusals, sel } from '../testing/pipelines.js';

const vars =
  'vars:\n  admins: [alice, "b?b*"]\n  port: 8080\n  one: only\n  odd: "50%x%"\n  net: 192.0.2.0/24\n';
const fill = pipelineOf('- {type: value_placeholders}', vars);
const changed = (item: string, ...pipelines: Parameters<typeof apply>[1][]) =>
  sel(apply(itemRule(item), ...pipelines));

describe('value_placeholders', () => {
  it('fills in Sigma strings, one value for each combination', () => {
    expect(changed("User|expand: '%admins%'", fill)).toBe('User=alice,b?b*');
    expect(changed("User|contains|expand: 'x%admins%y%port%z'", fill)).toBe(
      'User|contains=xalicey8080z,xb?b*y8080z',
    );
  });

  it('keeps values without placeholders, whose percent signs then mean themselves', () => {
    expect(changed("User|expand: ['%one%', '\\%a%', '100%']", fill)).toBe('User=only,%a%,100%');
  });

  it('does not read what it fills in for placeholders again', () => {
    expect(changed("User|expand: '%odd%'", fill, fill)).toBe('User=50%x%');
  });

  it('leaves strings alone that are not to be expanded', () => {
    expect(changed("User: '%admins%'", fill)).toBe('User=%admins%');
  });

  it('fills only what it is told to', () => {
    const include = pipelineOf('- {type: value_placeholders, include: [odd]}', vars);
    expect(changed("User|expand: '%odd%-%one%'", include)).toBe('User|expand=50\\%x\\%-%one%');
    expect(changed("User|expand: '%odd%-%one%'", include, fill)).toBe('User=50%x%-only');
    const exclude = pipelineOf('- {type: value_placeholders, exclude: [one]}', vars);
    expect(changed("User|expand: '%odd%-%one%'", exclude)).toBe('User|expand=50\\%x\\%-%one%');
  });

  it('puts parts into regular expressions', () => {
    expect(changed("User|re|expand: '^%admins%\\%$'", fill)).toBe('User|re=^alice\\%$,^(?:b?b*)\\%$');
  });

  it('fills networks and numbers', () => {
    expect(changed("Ip|cidr|expand: '%net%'", fill)).toBe('Ip|cidr=192.0.2.0/24');
    const rule = apply(itemRule("Port|gt|expand: '%port%'"), fill);
    expect(sel(rule)).toBe('Port|gt=<8080>');
  });

  it('reports variables that no pipeline has, at the value', () => {
    const rule = itemRule("User|expand:\n  - '%missing%'\n  - '%one%'\n  - '%absent%'");
    expect(refusals(rule, fill).map(({ code, at, message }) => [code, at.line, message])).toEqual([
      ['placeholder', 13, 'no pipeline has a variable "missing" to fill %missing% with'],
      ['placeholder', 15, 'no pipeline has a variable "absent" to fill %absent% with'],
    ]);
  });

  it('takes variables of later pipelines over those of earlier ones', () => {
    const other = pipelineOf('[]', 'priority: 5\nvars: {one: other}');
    expect(changed("User|expand: '%one%-%port%'", other, fill)).toBe('User=other-8080');
  });

  it('knows no variables of the prototype', () => {
    expect(refusals(itemRule("User|expand: '%constructor%'"), fill)).toHaveLength(1);
  });
});

describe('wildcard_placeholders', () => {
  const pipeline = pipelineOf('- {type: wildcard_placeholders}');

  it('fills in a wildcard', () => {
    expect(changed("User|expand: 'a%x%b'", pipeline)).toBe('User=a*b');
    expect(changed("User|re|expand: 'a%x%b'", pipeline)).toBe('User|re=a.*b');
  });

  it('is an error where a wildcard is impossible', () => {
    expect(refusals(itemRule("Ip|cidr|expand: '%x%'"), pipeline)).toEqual([
      expect.objectContaining({ code: 'placeholder', severity: 'error' }),
    ]);
  });
});

describe('query_expression_placeholders', () => {
  it('cannot be expressed, and says so where it would be used', () => {
    const pipeline = pipelineOf('- {type: query_expression_placeholders, expression: "{field} in {id}"}');
    expect(refusals(itemRule('User: x'), pipeline)).toEqual([]);
    expect(refusals(itemRule("User|expand: '%x%'"), pipeline)).toEqual([
      expect.objectContaining({ code: 'unsupported', severity: 'error' }),
    ]);
  });
});

it('placeholders that are left over are refused when planned', () => {
  const rule = apply(
    itemRule("User|expand: '%one%-%other%'"),
    pipelineOf('- {type: value_placeholders, include: one}', vars),
  );
  const item = rule.detections.get('sel');
  if (item?.kind !== 'item') throw new Error('no item');
  const problems = new Problems();
  planItem(item, problems);
  expect(problems.list.map(({ code }) => code)).toEqual(['placeholder']);
});
