/**
 * Words that say nothing about whether two texts have one author: function words, months, and the verbs and fillers
 * that every résumé is made of. The latter are also what a rewording changes first.
 */
const functionWords = `
a about above across after again against all almost along already also although always am among an and another any are
around as at back be became because become been before being below between both but by can cannot come could did do does
doing done down during each either else etc even ever every few first for from full further get give go good got had has
have having he hence her here him his how however i ie eg if in inc into is it its itself just last least less let like ll
ltd made make makes making many may me might more most much must my near need neither no nor not now of off often on once
one only onto or other our out over own part per plus quite rather re s same second see she should since so some still
such t than that the their them then there these they this those three through throughout thus till to today too toward
towards two under until up upon us use used uses using utilize utilized utilizing utilise utilised utilising ve very via
was way we well were what when where whether which while who whom whose why will with within without would yet you your
yours three four five six seven eight nine ten eleven twelve twenty dozen hundred hundreds thousand thousands million millions
billion january february march april june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec present current currently year years month months
`;

const generalVerbs = `
accomplish accomplished achieve achieved achieving act acted acting add added adding address addressed addressing aid aided
apply applied applying assist assisted assisting author authored begin began bring brought bringing build builds building
built carry carried carrying collaborate collaborated collaborating complete completed completing conduct conducted
conducting contribute contributed contributing coordinate coordinated coordinating craft crafted crafting create created
creates creating cut cutting decrease decreased decreasing define defined defining deliver delivered delivering design
designed designing develop developed develops developing devise devised direct directed directing drive drove driven
driving enable enabled enabling engineer engineered engineering enhance enhanced enhancing ensure ensured ensures ensuring
establish established establishing execute executed executing expand expanded expanding facilitate facilitated
facilitating gain gained handle handled handling head headed help helped helping helps implement implemented implementing
implements improve improved improves improving include included includes including increase increased increases increasing
initiate initiated introduce introduced introducing keep kept keeping lead leading led launch launched launching leverage
leveraged leveraging lower lowered lowering maintain maintained maintaining manage managed manages managing orchestrate
orchestrated orchestrating oversee oversaw overseeing participate participated participating partner partnered partnering
perform performed performing pioneer pioneered pioneering produce produced producing provide provided provides providing
put raise raised raising reduce reduced reduces reducing responsible result resulted resulting results run ran running save
saved saving serve served serving set setting shape shaped ship shipped shipping spearhead spearheaded spearheading start
started starting steer steered streamline streamlined streamlining support supported supporting supports take took taken
taking translate translated work worked working works write wrote writing written
approximately effectively efficiently highly multiple several successfully various
`;

/**
 * Function words of other languages, of three letters and more (shorter words are never read). Without them, two people
 * who write in a language that few others here use would share much by its grammar alone.
 */
const otherFunctionWords = `
aber alle allem allen aller alles als also auch auf aus beim bin bis das dass dem den der des die dies diese diesem diesen
dieser doch durch ein eine einem einen einer eines fur fuer gegen haben habe hat hatte ich ihr ihre ist kann mein meine mit
nach nicht noch nur oder ohne sehr sein seine seit sich sie sind sowie uber ueber und unter vom von vor war waren wenn werden
wie wir wird wurde wurden zum zur zwischen
ainsi aux avec cette ces chez comme dans des donc elle elles entre est etait ete etre leur leurs lors les mais mes mon nos
notre nous par pas pendant plus plusieurs pour que qui sans ses ces son sont sous sur tous tout toute toutes une vers vos votre
ante como con contra cual cuando del desde donde durante ella ellos entre era eran esta estaba estas este esto estos fue fueron
hacia hasta las los mas mediante mis muy para pero por porque que quien segun ser sido sin sobre sus tambien tanto toda todas
todo todos tras una unas uno unos
aos apos ate com como das dos ela elas ele eles entre era essa esse esta este foi foram isso mais mas meu minha nas nos num
numa para pela pelas pelo pelos por qual quando que seu seus sem ser sob sobre sua suas tambem uma
agli alla alle allo anche che chi coi come con cui dagli dai dal dalla dalle degli dei del della delle dello dopo gli hanno
loro mia mio nei nel nella nelle nello non negli ogni per piu presso quale quando questa questo sia sono stato sua sue sugli
sui sul sulla sulle suo suoi tra una uno verso
aan als bij deze die dit door een het hun ik maar met mijn naar niet nog ons onze ook over tot uit van veel voor waar wat
werd wordt zich zijn
aby bardzo byl byla bylo byly dla jak jako jego jest jestem ktora ktore ktory lub nad nie oraz pod podczas przed przez przy
sie swoje tak tym wraz wszystkie
att blev den det efter eller ett fran har inte jag med men mellan min mina mycket och ocksa som till under utan vara vid
aux bei ble dette etter fra hos ikke jeg mot noen ogsa samt sin ved
ama bir cok daha gibi gore icin ile kadar olan olarak ve veya
adalah atau bagi dalam dan dari dengan ini itu kami karena kepada oleh pada saya sebagai serta telah tersebut untuk yang
ale ani ako alebo bude byl byla cez jeho jsem jsou kde ktera ktere ktery nebo pre pri pro protoze sme som tak take tato tento
aceasta care din este fara fost intre pentru peste prin sau sunt toate unei unui
egy hogy meg mint nem vagy valamint volt
ali bez bio bila ili kao koja koje koji nakon ovaj pri sam smo tijekom uz
для без было был были быть все его если еще или как когда который которые между мне мной мои мой над нас наш они она оно
после при про свои свой себя так также там только тоже уже чем что чтобы это этот
але або був була були від для його коли можна над наш про після при також що щоб який яка які
ала без беше бях във години като което която които който между към още през при със съм така това тази
και απο για ενα ενας ειναι μας μετα μου που προς σας στα στη στην στις στο στον τα τη την της τις το τον του τους των
`;

/** Stop words, in lower case and without accents. */
export const stopWords: readonly string[] = [
  ...new Set(
    `${functionWords} ${generalVerbs} ${otherFunctionWords}`.split(/\s+/).filter((word) => word !== ''),
  ),
].sort();

/**
 * Words that people in business and technology write in any wording, and the phrases of applications are made of; prior
 * knowledge for small sets of texts. One form of each will do, as words are compared by their stems.
 */
export const everydayWords: readonly string[] = `
able academic accept access account accountable accounting accurate accuracy acquire action active activity actual adapt
adaptable additional adhere administer administration administrative adopt advance advanced advantage advise agile agency agenda agreement
aim algorithm align alignment allocate ambitious analysis analyst analytical analytics analyze annual answer api app application
approach appropriate approval architect architecture area articulate ask aspect assess assessment asset assign assignment associate assure
attend attention attitude audience audit authentication authority automate automation availability available average award aware
awareness aws azure backend background balance base basic basis batch behavior benchmark benefit best beyond big bottleneck brand
bridge brief bring broad budget bug bullet business buy calendar call campaign candidate capability capable capacity capture
care career careful case catalog cause center central certification certified chain challenge challenging champion change channel
chart check choice clean clear clearly client clinical close cloud coach code codebase coding collaboration collaborative collect
colleague college combine comfortable commerce commercial commit commitment committed committee common communicate communication
community company compare competency competitive complaint complete completion complex complexity compliance compliant component comprehensive
compute computer computing concept concern conference confidence configuration configure connect consider consistency consistent
consistently constant construct consult consultant consumer contact container content context continual continuous continuously
contract contractor contribution control conversion convert cooperate coordination coordinator core corporate correct cost course
cover coverage craft creative creativity criteria critical cross culture curious current curriculum custom customer cycle daily
dashboard data database dataset date day deadline deal debug decision dedicated dedication deep deeply defect degree delegate
demand demonstrate demonstrated department dependable deploy deployment desire desktop detail detailed detect detection determine
develop developer device devops diagnose diagram difference different difficult digital diligent direction director discipline
discover discovery discuss discussion display distribute distributed diverse diversity division docker document documentation domain
draft duty dynamic eager early ease easy ecommerce edge edit education educational effect effective effectiveness efficiency
efficient effort electronic eliminate email embrace emerging emphasis employee employer empower encourage end endpoint energetic
energy engage engaging engagement english enjoy enterprise enthusiasm enthusiastic entire entry environment equipment error
essential estimate ethic evaluate evaluation event evolve excel excellence excellent exceed exceptional exchange executive exercise
exist existing expect expectation expense experience experienced expert expertise explain explore exposure express extend extensive
external extract eye face fast facility failure familiar family feature feedback field figure file final finance financial find fix
flexibility flexible flow focus focused follow force form format forward foster foundation frame framework freelance frequent
frontend fulfill full function functional functionality fundamental future gap gather general generate git global goal govern
governance graduate graphic great ground group grow growth guarantee guidance guide guideline hand hard hardware health healthcare
high hire history hold home host hour http human idea ideal identification identify impact implementation important improvement
incident inclusive independent independently individual industry influence inform information infrastructure initial initiative
innovate innovation innovative input insight inspect inspire install installation institution instruct instruction insurance
integral integrate integration integrity intelligence intelligent interact interaction interactive interest interested interface
intern internal international internet internship interpersonal interview inventory investigate investment invoice involve issue
item java javascript job join journey junior key knowledge kubernetes lab language large late latency latest layer leader
leadership learn learner learning legacy legal lesson level library life lifecycle light line linux list listen live load local
location log logic logical logistics long loop low loyal machine mail main maintenance major management manager manner manual
manufacturing map market marketing master material matter mean measurable measure media medical meet meeting member mentor mentorship
message method methodical methodology meticulous metric microservice microsoft migrate migration million mind minute mission
mobile mode model modern modular module monitor monthly motivate motivated motivation move native natural navigate negotiate
network new next nurture object objective offer office online open operate operation operational operator opportunity optimal
optimization optimize option order organic organization organizational organize orient oriented outcome output outside outstanding
overall owner ownership pace paced package page paper participant particular partnership passion passionate path patient pattern pay
payment people percent perfect performance period person personal personnel perspective phase phone physical pipeline place plan
planning platform play player plus point policy pool portal portfolio position positive possess possible potential power powerful
practical practice precise predict prepare presence presentation price primary principle prior prioritize priority private
proactive proactively problem procedure process procurement product production productive productivity profession professional
professionalism proficiency proficient profile profit profitability program programmer programming progress project promote proper
proposal protect protection protocol prototype prove proven public publish purchase purpose pursue python quality quarter quarterly
query question quick quickly range rapid rapidly rate reach react read ready real realize receive recognize recommend recommendation
record recruit refactor refer reference refine region regional register regular regularly regulation regulatory relate relation
relationship release relevant reliability reliable remain remote repair repeat replace report reporting repository represent
request require requirement research resolution resolve resource respect respond response responsibility responsive rest retail
retention retrieve return revenue review revise rich right rigorous rise risk roadmap robust role root routine rule safe safety
sale satisfaction satisfy scalability scalable scale schedule school science scientific scientist scope scratch screen script
scrum seamless seamlessly search season secure security seek self sell send senior sense server service session share shift short
show sign significant significantly similar simple simplify single site situation size skill skilled skillset small smart smooth
social society software solid solution solve solver solving sound source space special specialist specialize specific specification
speed spend spirit sprint sql stability stable stack staff stage stakeholder standard standardize state statistic statistical
status stay step stock storage store story strategic strategically strategy stream strength strengthen strict strive strong
structure structured student study style subject submit success successful sufficient suggest suite summary superior supervise
supervision supervisor supplier supply sure survey sustainable swift synergy system systematic table tailor take talent target task teach
team teammate teamwork technical technique technological technology test testable testing text theory think thinking thorough
thought thoughtful thrive throughput ticket tight time timeline timely timing title tool top topic total touch track tracking
trade traditional traffic train trainer training transaction transfer transform transformation transition transparency transparent
travel treat trend troubleshoot troubleshooting true trust try turn type ui understand understanding unique unit university update
upgrade uptime usability usage user utility ux validate validation valuable value variety vendor verbal verify version versatile vertical
video view vision visual visualization volume volunteer warehouse waste web website week weekly wide window word workflow workforce
workload workplace workshop world yield zone
`
  .split(/\s+/)
  .filter((word) => word !== '');
