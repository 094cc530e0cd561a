import { bars, type Field, list } from './field.js';

export const support: Field = {
  id: 'support',
  titles:
    bars(`Technical Support Specialist|Customer Support Representative|IT Support Technician|Help Desk Analyst|Support Engineer
    |Customer Success Manager|Service Desk Lead|Customer Care Agent|Support Team Lead|Implementation Specialist|Desktop Support Engineer`),
  verbs:
    bars(`handle|resolve|run|rewrite|introduce|train|set up|organise|document|lead|own|improve|coordinate|sort out|plan|onboard
    |translate|equip|review|restructure|answer|launch`),
  things:
    bars(`help centre|ticket queue|escalation process|knowledge base|chat channel|onboarding programme|laptop rollout|shift plan
    |macro library|quality rubric|returns desk|customer webinar|hotline|asset inventory|feedback loop|service level report|renewal calendar
    |refund policy|printer fleet|meeting room equipment|status page|user training|VIP desk`),
  tools:
    bars(`Zendesk|Freshdesk|Intercom|Salesforce Service Cloud|ServiceNow|Jira Service Management|HubSpot|Active Directory|Microsoft 365|Intune
    |Google Workspace|Windows 11|macOS|Excel|SQL|Gainsight|Aircall|Genesys|Confluence|Slack|TeamViewer|SharePoint|Exchange|Jamf`),
  means: list(`
    in {tool}, sorted by harm and not by who shouts
    with {tool} macros in {n} languages
    for {n} stores on three continents and as many time zones
    by reading {n}00 old tickets and naming the ten real causes
    with {tool} and a weekly hour with the engineers
    for {n}00 employees without a day of lost work
    with answers short enough to be read on a phone
    across chat, mail and telephone in {tool}
    together with {n} colleagues in a rotating early shift
    with a script that new agents could follow from day {n}
    in {tool}, with owners for each article and a date to review it
    after {n} customers had threatened to leave
    with refunds up to a limit at the agent's own discretion
    and handed the last {n} per cent to specialists
    using {tool} tags that product managers came to rely on
    during a move to a new site with {n} floors`),
  problems:
    bars(`repeat contacts|lost parcels|locked accounts|billing disputes|mailbox corruption|missed callbacks|double refunds|slow VPN logins
    |wrong routing of calls|unanswered weekend mails|devices that fell out of management|angry reviews after an outage
    |contract confusion at renewal|profile errors after password changes`),
  causes:
    bars(`a form that asked for the wrong number|an autoresponder loop|a category nobody owned|warehouse labels without a floor
    |a group policy from the old domain|an outdated help article|handovers without a note|a payment provider's silent change
    |targets that rewarded closing fast|time zones missing in the booking tool`),
  lower:
    bars(`first response time|average handling time|backlog|repeat contacts|escalations|churn|refund volume|onboarding time|missed calls
    |complaints|cost per ticket|time to equip a new joiner`),
  higher:
    bars(`customer satisfaction|first contact resolution|net promoter score|self-service rate|renewal rate|agent retention
    |articles read per ticket|adherence to service levels|upsell revenue`),
  duties: list(`
    Answered customers by telephone, e-mail and chat in a friendly way
    Logged all requests in the ticket system and kept customers informed
    Installed, configured and repaired laptops, printers and telephones
    Created user accounts and reset passwords
    Escalated complex issues to second level and followed them up
    Met the agreed service levels month after month`),
  degrees:
    bars(`BA Communication|Associate Degree in Information Technology|BA Business Administration|High School Diploma|BA Psychology
    |Certificate in Customer Service|BSc Hospitality Management`),
};
