import { plural } from './fill.js';
import { gerund, past } from './verbs.js';

/** Verbs that may stand for one another in a résumé, as a dictionary has them. */
const verbs = `
build|develop|create|construct|put together
design|devise|draw up|plan out
rewrite|rework|redo|revise
maintain|look after|keep up|support
ship|deliver|release|launch
own|be in charge of
automate|mechanise
lead|head|supervise|direct
manage|run|administer
cut|reduce|decrease|trim
lower|bring down|shrink
raise|increase|lift|boost
improve|enhance|better
migrate|move|transfer|shift
replace|swap out|supersede
introduce|bring in|establish
write|author|compose
document|describe|record
train|teach|instruct|coach
tune|optimise|fine-tune
test|check|verify
monitor|watch|observe
investigate|examine|look into
trace|track down|pin down
fix|repair|correct|resolve
deploy|roll out|put into production
integrate|connect|tie in
consolidate|merge|unify|combine
simplify|streamline|slim down
harden|secure|protect
refactor|restructure|reorganise
prepare|get ready|produce
reconcile|square|match up
review|go over|inspect
prototype|mock up|sketch
extend|expand|broaden
split|divide|break up
remove|eliminate|get rid of
save|spare
reject|turn down
coordinate|arrange|organise
advise|counsel
interview|question
measure|quantify
negotiate|bargain over
plan|schedule
validate|confirm
model|represent
load|ingest
publish|issue
audit|scrutinise
close|finish
handle|process|deal with
need|require
use|employ|apply|utilise
help|assist|aid
provide|supply|offer
compare|contrast
choose|select|pick
shorten|abridge
stabilise|steady
operate|keep running
retire|phase out|decommission
provision|allocate
upgrade|bring up to date|modernise
answer|reply to|respond to
enforce|impose
define|specify|lay down
evaluate|assess|judge
prioritise|rank
localise|translate
share|pass on
speed|accelerate`;

/** Nouns, singular; the plural takes an s. */
const nouns = `
pipeline|workflow
dashboard|cockpit|overview
team|group|squad|crew
customer|client
engineer|developer
colleague|co-worker|team-mate
employee|staff member
defect|bug|fault
error|failure
report|summary
tool|utility
month|four-week period
week|seven-day period
warehouse|storage site|depot
branch office|local office
plant|factory|works
supplier|vendor
regulator|supervisory authority
auditor|examiner
user|end user
screen|page
message|notification
request|enquiry
cost|expense
budget|spending limit
deadline|due date
meeting|session
requirement|need
spreadsheet|worksheet
server|machine|host
database|data store
cluster|group of nodes
test|check
suite|collection
release|rollout
incident|outage
alert|alarm
runbook|operating guide
guide|manual|handbook
widget|control
module|building block
feature|capability
experiment|trial
threshold|cut-off
question|query
script|program
policy|rule
vulnerability|weakness
credential|secret
invoice|bill
payment|disbursement
ledger|book of accounts
forecast|projection
entity|company
contract|agreement
country|nation
city|town
department|unit
stakeholder|interested party
interview|conversation
decision|choice
problem|issue
cause|reason
competitor|rival
parcel|package
shipment|consignment
courier|messenger
journey|trip
job|task
market|region
form|questionnaire
template|pattern
change|modification
migration|move
version|edition
schema|data layout
loop|cycle
node|instance
region|zone
lab|test bench`;

/** Adjectives, adverbs and phrases, as they stand. */
const phrases = `
so that|in order that
because|since
with the help of|using
together with|alongside|jointly with
instead of|in place of|rather than
without|with no
across|throughout
such as|like
after|following
before|ahead of|prior to
in time for|early enough for
every day|daily|each day
every week|weekly|each week
each month|monthly|every month
nightly|overnight
a day|per day|daily
an hour|per hour|hourly
a week|per week|weekly
internal|in-house
customer-facing|client-facing|external
legacy|outdated|ageing
real-time|live
self-service|do-it-yourself
cross-border|international
regional|local
small|little|minor
large|big|sizeable
independent|stand-alone
partner|allied
overseas|foreign
newly opened|recently opened|brand-new
several|a number of|multiple
many|numerous
new|fresh|novel
old|former|previous
first|initial
fast|quick|rapid
slow|sluggish
manual|by-hand
complete|full|entire
shared|common
central|centralised
important|essential|key
successful|fruitful
high|elevated
busiest|most hectic|peak
much|a great deal of
memory use|memory footprint
error rate|share of failures
p95 latency|95th percentile latency
p99 latency|99th percentile latency
response time|time to respond
throughput|processing rate
cloud spend|cloud bill|hosting cost
downtime|unavailability
availability|uptime
test coverage|share of code under test
code reviews|peer reviews
on schedule|on time|as planned
on time|punctually
under load|under pressure
at peak|at the busiest time
head office|headquarters
best of all|highest of all
still running|in operation to this day
now the standard|by now the norm
presented at|shown at
the team of|a team of
saving|sparing
about|roughly|around|some
a second pair of eyes|another person's check
by way of|by means of|through
in production|live
on top of|based on|upon
behind a feature flag|hidden behind a switch
tenant by tenant|one tenant after the other
side by side|in parallel
from nothing|from scratch
from scratch|from the ground up
no longer|not any more
twice|two times
responsible for|in charge of
the busiest season|high season
a merger with|the fusion with
a tender|a call for bids
postponed decisions|delay
judgement|discretion
end-to-end|complete
cross-functional|interdisciplinary
requests per second|calls per second
a year|per year|yearly
remote|far-away
rural|country
seasonal|time-of-year
acquired|taken over|bought
private|privately held
public|publicly owned`;

/** What may be said for each word or phrase, in lower case. The longest phrase has this many words. */
export const longestPhrase = 4;
export const synonyms: ReadonlyMap<string, readonly string[]> = read();

function read(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (group: string[]) => {
    for (const word of group) {
      const others = group.filter((other) => other !== word);
      found.set(word, [...(found.get(word) ?? []), ...others]);
    }
  };
  for (const group of groups(verbs)) {
    const plain = group.filter((verb) => !verb.startsWith('be '));
    if (plain.length < 2) continue;
    // Not the form a dictionary has: too many of them are nouns as well (document, plan, test).
    add(plain.map(past));
    add(plain.map(gerund));
  }
  for (const group of groups(nouns)) {
    add(group);
    add(group.map(plural));
  }
  for (const group of groups(phrases)) add(group);
  return found;
}

function groups(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
}
