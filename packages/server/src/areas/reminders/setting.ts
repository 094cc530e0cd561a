/** Whether mails are sent, as an administrator may say. */
export const reminderSetting = { key: 'reminders.mail', fallback: true };
