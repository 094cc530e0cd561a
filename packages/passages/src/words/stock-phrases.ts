/**
 * Phrases that applications are made of, whoever writes them. Word pairs in them count for next to nothing. This is the
 * least that is known without any text; lists of a company's own come in as `common` wording.
 */
export const stockPhrases: readonly string[] = `
results-driven software engineer, results-oriented professional, detail-oriented engineer, self-motivated professional
proven track record, strong track record, track record of success, track record of delivering scalable solutions
delivering scalable solutions, scalable and maintainable solutions, innovative solutions, high-quality software solutions
fast-paced environments, fast-paced agile environment, dynamic team environment, fast-paced startup
cross-functional teams, cross-functional stakeholders, cross-functional collaboration, cross-functional agile team
product managers and designers, key stakeholders, business stakeholders, technical and non-technical stakeholders
strong communication skills, excellent communication skills, written and verbal communication skills, interpersonal skills
problem-solving skills, strong problem-solving abilities, analytical skills, analytical and problem-solving, time management skills
organizational skills, leadership skills, strong analytical skills, strong attention to detail, keen eye for detail
critical thinking, team player, strong work ethic, passion for continuous learning, passion for technology
passionate about technology, passionate about building products, continuous learning and innovation, eager to learn
continuous improvement, continuous improvement culture, culture of innovation, culture of collaboration, culture of excellence
best practices, industry best practices, coding standards, code quality, clean code, clean maintainable code, code reviews
unit tests, unit and integration tests, test coverage, test-driven development, automated testing, integration testing
quality assurance, regression testing, software development life cycle, full software development lifecycle
requirements gathering, business requirements, user requirements, functional requirements, technical requirements
software requirements, technical documentation, system design, system architecture, design patterns, object-oriented programming
agile methodologies, agile scrum methodology, scrum ceremonies, sprint planning, daily stand-ups, project management
project planning, project lifecycle, on time and within budget, ahead of schedule, tight deadlines, meet deadlines
user experience, user interface, user engagement, user satisfaction, customer satisfaction, customer experience, customer needs
customer service, client relationships, client needs, end users, business needs, business goals, business objectives
business growth, business value, business processes, organizational goals, strategic goals, strategic initiatives
strategic planning, operational efficiency, operational excellence, operational costs, cost savings, cost reduction
process improvement, process optimization, performance optimization, application performance, system performance
key performance indicators, performance metrics, system reliability, high availability, high availability and scalability
low latency, page load times, response times, load times, real-time data, real-time analytics, large-scale data
large-scale distributed systems, distributed systems, data-driven decisions, data-driven insights, actionable insights
data analysis, data pipelines, data processing, data quality, data integrity, data security, data warehouse, machine learning models
deep learning, artificial intelligence, cloud infrastructure, cloud computing, cloud-based solutions, cloud-native applications
infrastructure as code, continuous integration, continuous deployment, continuous delivery, ci cd pipelines, deployment pipeline
version control, source control, rest apis, restful apis, restful web services, third-party apis, third-party integrations
web applications, web services, mobile applications, single page applications, responsive web design, front-end development
back-end development, full-stack development, full-stack developer, full-stack software engineer, senior software engineer
software developer, software development, application development, web development, years of experience
hands-on experience, professional experience, work experience, extensive experience, diverse experience, cutting-edge technologies
emerging technologies, new technologies, modern web technologies, latest technologies, new features, existing features
bug fixes, root cause analysis, technical debt, legacy systems, legacy code, manual effort, manual processes
junior developers, junior engineers, mentored junior engineers, weekly design reviews, team members, team of engineers
knowledge sharing, technical leadership, thought leadership, seamless integration, seamless user experience
security standards, regulatory compliance, compliance requirements, measurable results, tangible results, measurable impact
positive impact, significant improvements, higher education, computer science, references available upon request
seeking a challenging position, challenging position, career growth, professional growth, professional development
thrive in fast-paced environments, solve complex problems, complex problems, challenging problems, real-world problems
`
  .split(/[,\n]/)
  .map((phrase) => phrase.trim())
  .filter((phrase) => phrase !== '');
