/** The address of a one-time link. */
export function invitationLink(publicUrl: string, token: string): string {
  return new URL(`/admin/invitations/${token}`, publicUrl).href;
}
