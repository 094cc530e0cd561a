import { bars, type Field, list } from './field.js';

export const security: Field = {
  id: 'security',
  titles:
    bars(`Security Engineer|Security Analyst|SOC Analyst|Application Security Engineer|Penetration Tester|Detection Engineer|IAM Engineer
    |Cloud Security Engineer|GRC Analyst|Incident Responder|Security Architect`),
  verbs:
    bars(`build|write|tune|roll out|run|lead|own|review|threat-model|test|automate|harden|introduce|investigate|contain|map|audit
    |scope|triage|design|enforce|document`),
  things:
    bars(`detection rule set|incident playbook|phishing exercise|vulnerability programme|access review|single sign-on rollout|threat model
    |bug bounty|secrets scanner|SIEM migration|endpoint rollout|password vault|network segmentation|third-party review|forensics kit
    |red team exercise|control framework|key rotation|privileged access workflow|log retention plan|zero trust pilot|code scanning gate`),
  tools:
    bars(`Splunk|Microsoft Sentinel|Elastic Security|CrowdStrike|Defender|Okta|Entra ID|Burp Suite|Nessus|Qualys|Wiz|Snyk|Semgrep|CodeQL
    |Sigma|YARA|Zeek|Suricata|Wireshark|HashiCorp Vault|CyberArk|Tines|Python|PowerShell|osquery|Velociraptor|Metasploit|NIST CSF|ISO 27001|SOC 2`),
  means: list(`
    in {tool}, each rule with a test event and an owner
    with {tool} enrichment that closes {n} of ten alerts unaided
    mapped to the techniques our sector really meets
    across {n} subsidiaries with their own directories
    using {tool} and {other}, without an agent on the plant network
    with hardware keys for {n}00 administrators first
    by pairing with {n} product teams before a line was written
    with {tool}, from advisory to patch in {n} days
    after an exercise in which the board had to decide in {n} hours
    with least privilege derived from {n} months of real use
    in {tool}, fed by {n} log sources and 2 TB a day
    with evidence collected automatically for {n} controls
    and briefed the regulator on the outcome
    with {tool} hunts run every second week
    for {n} vendors ranked by what they could break`),
  problems:
    bars(`token theft|shared service accounts|lateral movement by old protocols|an exposed storage bucket|alert fatigue
    |consent phishing|dormant administrators|unsigned scripts|leaked keys in repositories|unpatched gateways
    |a business e-mail compromise|injection in a legacy form|logging gaps|blind spots in cloud audit logs`),
  causes:
    bars(`a legacy authentication exception|an owner who had left|a role with a wildcard|an inherited firewall rule|a forgotten test tenant
    |a build log that printed its environment|an allow list copied between sites|a parser that dropped long lines|default credentials on a printer
    |session lifetimes of a month`),
  lower:
    bars(`mean time to detect|mean time to contain|open critical findings|false positives|phishing click rate|standing privileges
    |audit findings|time to offboard|exposed services|patch lag`),
  higher:
    bars(`detection coverage|multi-factor adoption|log source coverage|report rate of phishing mails|findings fixed in time
    |assets in inventory|controls tested automatically|maturity score`),
  duties: list(`
    Monitored alerts and escalated incidents according to the playbook
    Reviewed designs and code for security issues before release
    Ran awareness training for new joiners and developers
    Answered customer questionnaires and supported audits
    Tracked vulnerabilities to closure with system owners
    Kept policies, standards and the risk register current`),
  degrees: bars(
    `BSc Cyber Security|MSc Information Security|BSc Computer Science|BSc Computer Forensics|BSc Information Technology|LLB Law`,
  ),
};
