import { bars, type Field, list } from './field.js';

export const platform: Field = {
  id: 'platform',
  titles:
    bars(`DevOps Engineer|Senior DevOps Engineer|Site Reliability Engineer|Platform Engineer|Cloud Engineer|Infrastructure Engineer
    |Senior SRE|Cloud Architect|Systems Administrator|Linux Administrator|Network Engineer|Release Engineer`),
  verbs:
    bars(`build|automate|migrate|harden|run|own|provision|upgrade|consolidate|containerise|template|rebuild|tune|operate|retire
    |standardise|patch|segment|monitor|script|rightsize|document|set up`),
  things:
    bars(`Kubernetes cluster|deployment pipeline|landing zone|observability stack|service mesh|build farm|backup system|secrets store
    |load balancer|DNS setup|log pipeline|image registry|VPN concentrator|bastion|developer portal|disaster recovery site|storage cluster
    |database fleet|preview environment|runner fleet|alerting|edge cache|golden image|network fabric|cost dashboard`),
  tools:
    bars(`Terraform|Kubernetes|Helm|Argo CD|AWS|Azure|GCP|Ansible|Prometheus|Grafana|Loki|Datadog|Jenkins|GitHub Actions|GitLab CI|Docker|Linux
    |Bash|Python|Go|Packer|Vault|Consul|Istio|Cilium|Nginx|HAProxy|Pulumi|CloudFormation|Karpenter|Crossplane|OpenStack|VMware|Cisco IOS|eBPF`),
  means: list(`
    with {tool} modules that {n} teams now share
    in {tool}, rebuilt from nothing in under {n} hours as a yearly drill
    on {tool} with one cluster per region and no shared state
    using {tool} and {other}, every change through a pull request
    with error budgets that product owners agreed to
    across {n} accounts with guard rails instead of tickets
    by replacing hand-kept servers with {tool}
    with canary releases and automatic rollback in {tool}
    on spot capacity with {tool}, draining nodes two minutes ahead
    with short-lived credentials from {tool} in place of shared keys
    so that a new service is live within {n} minutes of its first commit
    in {tool} with {n} alerts left of four hundred
    with restores tested every week by {tool}
    from a data centre that closed {n} months later
    with {tool} policies checked before merge
    in {tool}, with dashboards made from code
    including a runbook for each of {n} failure modes`),
  problems:
    bars(`noisy alerts|node pressure evictions|expired certificates|packet loss between zones|runaway log volume|slow container pulls
    |a split brain after maintenance|DNS timeouts|disk latency spikes|configuration drift|pods stuck in termination|exhausted IP ranges
    |flaky builds|asymmetric routes`),
  causes:
    bars(`a conntrack table that was too small|limits copied from an example|a NAT gateway shared by everything|search domains in resolv.conf
    |an MTU mismatch on the tunnel|one chatty debug logger|a base image of two gigabytes|health checks that hit the database
    |a kernel regression|manual changes in the console|an autoscaler reacting to the wrong metric|clocks without NTP`),
  lower:
    bars(`cloud spend|mean time to recovery|deployment time|pages per week|change failure rate|build queue time|provisioning time
    |unplanned downtime|alert volume|image size|patch lag|toil hours`),
  higher:
    bars(`availability|deployment frequency|node utilisation|restore success|share of infrastructure as code|backup coverage
    |cache hit rate at the edge|teams on the platform|build throughput`),
  duties: list(`
    Took part in a follow-the-sun on-call rotation
    Wrote blameless reviews and tracked their actions to the end
    Maintained monitoring, logging and alerting for all production systems
    Helped product teams with deployments and performance questions
    Planned capacity and reserved instances with finance each quarter
    Administered Linux servers, networks and user access`),
  degrees:
    bars(`BSc Computer Networks|BSc Computer Science|BEng Electrical Engineering|BSc Information Technology|Diploma in Systems Administration
    |BSc Telecommunications`),
};
