export { type Advert, advertText, drawAdvert } from './adverts.js';
export {
  bulletsOf,
  copyPart,
  copyUnderOtherName,
  fromAdvert,
  machineBoilerplate,
  reorder,
  rewordResume,
  sameEmployer,
  sameTemplate,
} from './changes.js';
export { drawEmployer, type Employer, employer, employerCount } from './employers.js';
export type { Field } from './fields/field.js';
export { fieldNamed, fields } from './fields/index.js';
export { drawIdentity } from './identity.js';
export { makeResume, type Wishes } from './make-resume.js';
export type { Contacts, Education, Employment, Identity, Project, Resume, Skill } from './resume.js';
export { resumeText } from './resume-text.js';
export { reword, type Strength } from './reword.js';
export {
  drawTemplate,
  type Layout,
  type Section,
  type Template,
  template,
  templateCount,
} from './templates.js';
export { isStock } from './voice.js';
