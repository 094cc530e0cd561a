import { bars, list } from './fields/field.js';

/** Lines many people have in the same words, the most popular first. */
export const stockBullets = list(`
  Worked closely with cross-functional teams to deliver projects on time and within budget
  Took part in daily stand-ups, sprint planning and retrospectives
  Mentored junior team members and helped them grow in their roles
  Responsible for day-to-day operations and continuous improvement of existing processes
  Communicated effectively with stakeholders at all levels of the organisation
  Followed agile methods throughout the whole development life cycle
  Wrote clear documentation for internal and external users
  Contributed to a positive team culture and shared knowledge in weekly sessions
  Identified bottlenecks and suggested improvements that were adopted by the team
  Met tight deadlines in a fast-paced environment while maintaining high quality
  Participated in hiring and onboarding of new colleagues
  Gathered requirements from business users and translated them into technical solutions
  Provided regular status updates to management and clients
  Ensured compliance with company policies and industry standards
  Resolved complex issues under pressure and with attention to detail
  Supported the team lead in planning, estimating and assigning tasks
  Built strong relationships with clients through honest and timely communication
  Performed root cause analysis and implemented corrective actions
  Promoted best practices for quality, security and maintainability
  Received the employee of the month award for outstanding performance
  Worked independently as well as part of a distributed team
  Maintained a high level of customer satisfaction at all times
  Handled multiple priorities at once without losing sight of the details
  Created reports and presentations for weekly management meetings
  Assisted senior colleagues with research, testing and troubleshooting
  Kept up with new technologies and applied them where they made sense
  Trained new employees on tools, processes and company standards
  Improved the overall efficiency of the department by streamlining workflows
  Delivered several successful projects from the first idea to the final release
  Acted as the main point of contact between the business and the technical team
  Conducted knowledge transfer sessions before leaving the project
  Helped to reduce costs by finding and removing unnecessary steps
  Coordinated with vendors and third parties to solve integration problems
  Analysed user feedback and turned it into actionable improvements
  Maintained version control and managed releases to production
  Took ownership of tasks and saw them through to completion`);

/** Sentences of a summary. `{title}`, `{n}`, `{tool}`, `{other}`, `{third}`, `{goods}` are filled in. */
export const stockSummaries = list(`
  Proven track record of delivering high-quality work on time as {an title} with {n} years of experience.
  Results-oriented {title} with {n}+ years of experience in {tool} and {other}.
  Motivated team player with excellent communication skills and a passion for learning.
  Detail-oriented professional who enjoys solving difficult problems.
  Seeking a challenging position where I can use my skills and grow with the company.
  Strong background in {tool}, {other} and {third}.
  {n} years of professional experience as {an title}, most of them in {goods} and neighbouring trades.
  Self-starter who works well under pressure and adapts quickly to change.
  Comfortable in remote teams and used to working across time zones.
  Hands-on experience with {tool} and {other} in production environments.
  Looking for a long-term role in a team that values quality.
  Able to explain technical matters to people without a technical background.
  Dedicated {title} known for reliability and a structured way of working.
  Experienced in all phases of a project, from requirements to operation.
  Good knowledge of {tool}, working knowledge of {other}.
  Committed to clean work, honest estimates and steady improvement.`);

/** Sentences people write of themselves, with words of their own in them. */
export const ownSummaries = list(`
  I spent {n} years around {places} and like software that survives a wet Monday in November.
  {title} who came to {tool} by way of {goods} and never quite left either.
  Known among {audience} for asking what the report is for before building it.
  Most at home where {tool} meets {goods} {process}.
  Have taken {n} {things} from a napkin to {place} {places}.
  Prefer boring technology, short meetings and {other} when it has to be fast.
  Between {goods} and {goods2}, I have seen how {audience} work when the screen freezes.
  Happiest when {audience} forget that there is a {thing} at all.
  {n} years with {tool}, the last {m} of them for {place} {places}.
  Trained {audience} in three languages, mostly by listening.
  Once kept a {goods} {process} {thing} alive for {n} years with a team of {m}.
  Want to bring what {audience} taught me about {goods} to a smaller company.`);

export const schools =
  bars(`Northbridge University|Lakemont College|Harrowfield Institute of Technology|University of East Calder|Stonemere Polytechnic
  |Ashgrove State University|Kestrel Bay College|Wexborough University|Technical University of Altenmark|Universidad de Valdeserra
  |Politechnika Zabrzeg Dolny|Ravenhall School of Business|Silverton Community College|Institut Polytechnique de Montclar|Fernhill University
  |Port Ansley University|College of the Prairies|Dunmoor University|Queensmarket University|Tallgrass State College
  |Instituto Superior de Vilamar|Hochschule Nordfelde|Blue Harbor University|Marlow and Pike College|Eastlake Technical College`);

export const levels = bars('Senior|Lead|Junior|Principal|Associate');
