export const MAIL_FORMATS = ['html', 'text'] as const;
/** How a subscriber gets a digest: as HTML with the same in text beside it, or as text alone. */
export type MailFormat = (typeof MAIL_FORMATS)[number];
