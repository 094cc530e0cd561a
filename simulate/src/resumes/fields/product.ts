import { bars, type Field, list } from './field.js';

export const product: Field = {
  id: 'product',
  titles:
    bars(`Product Manager|Senior Product Manager|Product Owner|Business Analyst|Project Manager|Scrum Master|Program Manager|UX Designer
    |Product Designer|Technical Writer|Delivery Manager|Marketing Analyst`),
  verbs:
    bars(`launch|define|lead|shape|own|prioritise|research|design|scope|negotiate|plan|introduce|deliver|pilot|price|sunset|write
    |map|facilitate|validate|coordinate|reposition`),
  things:
    bars(`roadmap|pricing page|beta programme|discovery sprint|onboarding journey|partner integration|self-service plan|customer advisory board
    |requirements catalogue|release train|feature toggle plan|migration project|design system|style guide|process map|portfolio review
    |loyalty scheme|market entry|business case|vendor selection|help texts|user research panel|marketplace|mobile launch`),
  tools:
    bars(`Jira|Confluence|Figma|Miro|Amplitude|Mixpanel|Google Analytics|SQL|Productboard|Aha!|Notion|Excel|Power BI|Looker|Azure DevOps|Trello
    |Visio|BPMN|Hotjar|Optimizely|Scrum|Kanban|SAFe|UserTesting|Maze|MS Project|Smartsheet|Markdown|Sketch`),
  means: list(`
    with {n} customers who paid before there was a product
    from {n} interviews and a week beside the people who do the work
    with {tool} data and a kill date agreed beforehand
    across {n} teams in two countries and one shared backlog
    with a price that {n} of ten pilots accepted
    after dropping {n} features that nobody had opened for a year
    in {tool}, on one page that sales could explain
    within a budget of 1.{n} million and three weeks early
    with legal, support and finance at one table from the start
    using {tool} prototypes tested with {n} users each Thursday
    for a market with rules that changed {n} times on the way
    with success measures that were published to everybody
    and ended it when the numbers stayed below the line
    in {tool} with decisions and the reasons for them
    by turning {n}00 requests into eleven problems worth solving`),
  problems:
    bars(`scope creep|conflicting priorities|unused features|low trial conversion|unclear ownership|late surprises in testing
    |sales promises without a date|confusing plan names|slow decisions|drop-off at identity checks|duplicate projects in two units
    |missing sign-off by the works council`),
  causes:
    bars(`two steering groups with different goals|a sign-up form with nineteen fields|estimates made without the people who do the work
    |a metric that rewarded volume|words only insiders knew|contracts that tied releases to dates|a pilot group of friends
    |dependencies nobody had drawn|pricing per seat for a tool used twice a year`),
  lower:
    bars(`time to market|churn|drop-off|scope changes|support contacts per order|meeting hours|time to first value|cost of delay
    |budget overrun|handover time`),
  higher:
    bars(`activation|retention|trial conversion|net revenue retention|adoption|task success|team velocity|predictability of releases
    |annual recurring revenue|average order value`),
  duties: list(`
    Wrote user stories with acceptance criteria and kept the backlog in order
    Ran sprint ceremonies and removed obstacles for the team
    Aligned stakeholders from sales, legal and engineering
    Gathered requirements in workshops and documented processes
    Reported status, risks and budget to the steering committee
    Conducted user interviews and usability tests`),
  degrees:
    bars(`BA Business Administration|MBA|BSc Information Systems|BA Graphic Design|BSc Industrial Engineering|BA Political Science
    |BSc Psychology|MSc Human-Computer Interaction`),
};
