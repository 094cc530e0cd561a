import { bars } from './fields/field.js';

/** What businesses deal in. First half of "invoice matching service". */
export const goods =
  bars(`invoice|shipment|claim|loyalty|payroll|parcel|booking|ticket|coupon|contract|tariff|meter|prescription|appointment
  |mortgage|deposit|card|settlement|refund|voucher|subscription|inventory|pallet|container|fleet|route|timetable|fare|seat|menu|recipe
  |harvest|livestock|seed|soil|turbine|battery|charger|grid|pipeline permit|drilling|survey|parcel map|lease|tenant|rental|listing
  |auction|donation|grant|membership|course|exam|transcript|library|archive|manuscript|playlist|royalty|broadcast|advert|campaign|lead
  |referral|quote|policy|premium|underwriting|risk|collateral|bond|dividend|portfolio|ledger|tax|customs|tariff code|warehouse|picking
  |packing|returns|supplier|tender|purchase order|spare part|work order|maintenance|inspection|calibration|sensor|alarm|elevator|crane
  |steel|timber|textile|garment|shoe|jewellery|perfume|cosmetics|grocery|dairy|bakery|wine|coffee|water|waste|recycling|emission
  |carbon|weather|flood|wildfire|satellite|drone|airport|baggage|crew|roster|shift|locker|gym|ski pass|festival|museum|theatre
  |hotel room|housekeeping|ferry|harbour|rail|tram|toll|parking|bike|scooter|taxi|driver|vehicle|dealer|warranty|recall|telematics
  |patient|lab result|vaccine|blood|imaging|trial|device|pharmacy|dental|veterinary|insurance card|court case|licence|permit|election
  |census|passport photo|school meal|bus pass|childcare|pension|benefit|charity shop|church hall|stadium|season ticket|league|betting
  |puzzle|quiz|avatar|match|tournament|chat|voice|call centre|feedback|review|catalogue|price|promotion|basket|wishlist|gift card
  |stock photo|print order|label|packaging|barcode|sample|reagent|genome|protein|telescope|seismic|tide|fishery|forest`);

/** What is done with them. Second half. */
export const processes =
  bars(`matching|tracking|routing|scoring|scheduling|forecasting|pricing|reconciliation|approval|onboarding|search
  |verification|allocation|billing|reporting|archiving|monitoring|dispatch|renewal|sorting|planning|grading|import|export|comparison
  |registration|cancellation|exchange|reservation|replenishment|clearing|tagging|translation|intake|triage|notification|settlement
  |validation|analysis|history|discovery|sharing|editing|signing|returns|labelling|check-in|handover|valuation|sampling`);

/** Who uses it, or where. After "for" or "across", with a number before it. */
export const places =
  bars(`warehouses|branches|clinics|airports|plants|stores|schools|ports|depots|call centres|farms|hotels|municipalities
  |laboratories|brokers|dealers|couriers|pharmacies|studios|wind parks|substations|restaurants|libraries|insurers|banks|hospitals|garages
  |harbours|campuses|agencies|publishers|theatres|museums|universities|franchises|carriers|regional offices|merchants|landlords|co-operatives
  |breweries|quarries|shipyards|ministries|charities|news desks|ski resorts|bakeries|veterinary practices|law firms`);

export const placeAdjectives =
  bars(`regional|small|independent|rural|northern|coastal|partner|overseas|acquired|franchised|public|private
  |pilot|high-volume|seasonal|family-run|state-owned|remote|newly opened|unionised|specialised|contracted|island|inner-city`);

/** Before the thing: what kind of one. */
export const qualities =
  bars(`multi-tenant|internal|customer-facing|event-driven|legacy|nightly|real-time|self-service|cross-border|white-label
  |mobile-first|read-only|regional|shared|offline|high-volume|audit-proof|paperless|voice-operated|bilingual|first|central|in-house
  |experimental|long-neglected|group-wide|plug-in based|homegrown|regulated|seasonal|tamper-evident|configurable|low-code|early|second`);

/** Who was worked with or for. */
export const audiences =
  bars(`dispatchers|underwriters|nurses|teachers|store managers|buyers|planners|field engineers|auditors|tax advisers|drivers
  |account managers|claims handlers|pharmacists|editors|translators|lab technicians|harbour pilots|ground staff|wardens|caseworkers
  |controllers|analysts|recruiters|lawyers|warehouse leads|designers|growers|brokers|paramedics|conductors|inspectors|curators|chefs
  |installers|operators|surveyors|estate agents|box office staff|volunteers|data protection officers|plant engineers|pilots|cashiers`);

/** Why it was done. */
export const reasons =
  bars(`so that {audience} no longer type anything twice|to meet a new {goods} regulation|because the vendor had gone out of business
  |ahead of the busiest season|so that {audience} could stop keeping their own spreadsheets|after a merger with a competitor
  |to open the {goods} market in {n} more countries|so that {places} see the same numbers as head office
  |to free {audience} for work that needs judgement|when the contract with the outsourcer ended|in time for an audit by the regulator
  |so that {audience} can act before customers notice|to win a tender worth {n} million|after {n} years of postponed decisions
  |so that new {places} can join within a day|to end a dispute between {audience} and {audience2}
  |because {goods} volumes had tripled in {n} years|so that nobody has to work on the night of the switch|to replace faxed {goods} forms
  |at the request of {audience} in {n} {places}`);

/** What came of it besides figures. */
export const outcomes =
  bars(`now the standard in {n} {places}|which {audience} rated best of all tools that year|still running without a change {n} years later
  |copied since by {n} sister companies|without a minute of downtime|presented at an internal conference|and trained {n} {audience} to run it
  |with the team of {n} on schedule|which paid for itself in {n} months|and removed {n}00 pages of instructions
  |saving {audience} about {n} hours a week|and wrote the handbook that {audience} still use|on a budget of {n}0,000
  |accepted by {audience} at the first demonstration|and handed it over to {n} colleagues in the {place} office`);
