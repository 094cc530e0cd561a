import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Problems } from '../errors.js';
import { planRule } from '../planner.js';
import type { DetectionRule } from '../rule.js';
import { apply, freeze, itemRule, ruleOf, sel, show, showCondition } from '../testing/pipelines.js';
import type { Pipeline } from './model.js';
import { parsePipeline } from './parse.js';

function example(name: string): Pipeline {
  const problems = new Problems();
  const url = new URL(`../../examples/pipelines/${name}`, import.meta.url);
  const pipeline = parsePipeline(name, readFileSync(url, 'utf8'), problems);
  if (pipeline === undefined || problems.list.length > 0) throw new Error(JSON.stringify(problems.list));
  return freeze(pipeline);
}

function added(rule: DetectionRule): string[] {
  return [...rule.detections]
    .filter(([name]) => name.startsWith('_'))
    .map(([, detection]) => show(detection));
}

describe('sysmon.yml', () => {
  const pipeline = example('sysmon.yml');

  // The taxonomy of Sigma 2.1.0, "Windows Folder", "Category".
  it.each([
    ['process_creation', '<1>'],
    ['file_change', '<2>'],
    ['network_connection', '<3>'],
    ['sysmon_status', '<4>,<16>'],
    ['process_termination', '<5>'],
    ['driver_load', '<6>'],
    ['image_load', '<7>'],
    ['create_remote_thread', '<8>'],
    ['raw_access_thread', '<9>'],
    ['process_access', '<10>'],
    ['file_event', '<11>'],
    ['registry_event', '<12>,<13>,<14>'],
    ['registry_set', '<13>'],
    ['registry_rename', '<14>'],
    ['create_stream_hash', '<15>'],
    ['pipe_created', '<17>,<18>'],
    ['wmi_event', '<19>,<20>,<21>'],
    ['dns_query', '<22>'],
    ['file_delete', '<23>'],
    ['clipboard_capture', '<24>'],
    ['process_tampering', '<25>'],
    ['file_delete_detected', '<26>'],
    ['file_block_executable', '<27>'],
    ['file_block_shredding', '<28>'],
    ['file_executable_detected', '<29>'],
    ['sysmon_error', '<255>'],
  ])('%s is event %s', (category, ids) => {
    const rule = apply(
      ruleOf('sel: {A: x}\ncondition: 1 of *', `{category: ${category}, product: windows}`),
      pipeline,
    );
    expect(added(rule)).toEqual([`EventID=${ids}`, 'Channel=Microsoft-Windows-Sysmon/Operational']);
    expect(rule.logsource).toMatchObject({ product: 'windows', service: 'sysmon' });
    expect(rule.logsource.category).toBeUndefined();
    const problems = new Problems();
    expect(planRule(rule, problems)).toBeDefined();
    expect(problems.list).toEqual([]);
  });

  it.each([
    ['registry_add', 'EventType=CreateKey'],
    ['registry_delete', 'EventType=DeleteKey,DeleteValue'],
  ])('%s is told apart by its type', (category, type) => {
    const rule = apply(
      ruleOf('sel: {A: x}\ncondition: sel', `{category: ${category}, product: windows}`),
      pipeline,
    );
    expect(added(rule)[0]).toBe(`all(EventID=<12> ${type})`);
  });

  it('asks for the channel once and keeps the condition of the rule', () => {
    const rule = apply(itemRule('Image: x'), pipeline);
    expect(rule.conditions.map(showCondition)).toEqual([
      '(_sysmon_channel and (_sysmon_process_creation and sel))',
    ]);
  });

  it('leaves other log sources alone', () => {
    const linux = ruleOf('sel: {A: x}\ncondition: sel', '{category: process_creation, product: linux}');
    expect(apply(linux, pipeline)).toBe(linux);
    const security = ruleOf('sel: {A: x}\ncondition: sel', '{product: windows, service: security}');
    expect(apply(security, pipeline)).toBe(security);
  });
});

describe('windows-audit.yml', () => {
  const pipeline = example('windows-audit.yml');

  it('renames what event 4688 names otherwise', () => {
    const rule = apply(
      itemRule(
        "Image|endswith: '\\cmd.exe'\nParentImage: p\nCommandLine|contains: c\nProcessId: 4\nParentProcessId: 5",
      ),
      pipeline,
    );
    expect(sel(rule)).toBe(
      'all(NewProcessName|endswith=\\cmd.exe ParentProcessName=p CommandLine|contains=c NewProcessId=<4> ProcessId=<5>)',
    );
    expect(added(rule)).toEqual(['all(Channel=Security EventID=<4688>)']);
    expect(rule.logsource).toMatchObject({ product: 'windows', service: 'security' });
    expect(rule.fields).toEqual(['NewProcessName', 'CommandLine']);
  });

  it('splits the account and knows integrity levels by their identifiers', () => {
    const rule = apply(
      itemRule('User|contains: [AUTHORI, AUTORI]\nIntegrityLevel: [High, S-1-16-16384]'),
      pipeline,
    );
    expect(sel(rule)).toBe(
      'all(any(SubjectUserName|contains=AUTHORI,AUTORI SubjectDomainName|contains=AUTHORI,AUTORI) ' +
        'MandatoryLabel=S-1-16-12288,S-1-16-16384)',
    );
    expect(sel(apply(itemRule("User: 'EXAMPLE\\bob'"), pipeline))).toBe(
      'any(SubjectUserName=bob SubjectDomainName=EXAMPLE\\bob)',
    );
  });

  it('leaves other log sources alone', () => {
    const other = ruleOf('sel: {Image: x}\ncondition: sel', '{category: image_load, product: windows}');
    expect(apply(other, pipeline)).toBe(other);
  });
});
