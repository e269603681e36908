import type { BounceReason } from './reasons.ts';

/** Words that name a reason. Matched against the text that `plainWords` makes, where `@` stands for any address and `~` for any host name. */
export interface ReasonRow {
  readonly reason: BounceReason;
  /** Counts under these codes alone. */
  readonly codes?: readonly string[];
  readonly words: RegExp;
}

/**
 * In the order in which they are asked; the first that matches decides, whatever the code says: servers refuse spam and
 * full mailboxes under "unknown user" too. Patterns are alternatives with bounded gaps, so that no text makes them slow.
 */
export const REASON_ROWS: readonly ReasonRow[] = [
  // Microsoft's edge says it of addresses that its directory does not have; elsewhere these words are a policy.
  { reason: 'unknown-user', codes: ['5.4.1'], words: /recipient address rejected/ },
  // Outlook's own words for an address that is not there. Without this code they may mean anything.
  { reason: 'unknown-user', codes: ['5.5.0'], words: /mailbox unavailable/ },
  // Gateways with a directory say no more than this, and give no other code.
  { reason: 'unknown-user', codes: ['5.1.0'], words: /(?<![a-z] )address rejected/ },
  // What we sent too much of is no mailbox that is full or closed (Gmail says so under x.2.1), and guesses of somebody
  // else's are no reader who is gone.
  {
    reason: 'blocked',
    words:
      /(?:sending|outgoing|outbound|daily|hourly|messaging) .{0,20}(?:quota|limit)|(?:receiving|getting) (?:e-?mail|mail|messages?) (?:at a rate|too (?:quick|fast|often))|frequency limit|too many (?:invalid|bad|unknown|wrong) (?:recipient|address|user)|user complaints/,
  },
  {
    reason: 'unknown-user',
    words: /not listed in .{0,40}(?:directory|address book)|n[o']t have an? .{0,40}account/,
  },
  {
    reason: 'mailbox-full',
    words:
      /mailbox.{0,40}\bfull\b|\bfull mailbox|(?:user|account|inbox|recipient|folder|storage).{0,30} (?:is|are) full|over ?quota|over .{0,12}quota|quota.{0,40}(?:exceed|full|reach|violat)|exceed.{0,40}(?:quota|mailbox|storage)|(?:mailbox|user|account|inbox|recipient).{0,40}(?:exceed|over|reached).{0,30}(?:quota|limit|size|storage|space|allo)|out of (?:storage|disk) ?(?:space|quota)?|(?:mailbox|account|inbox).{0,40}(?:no|insufficient|not enough) (?:space|storage|room)|mailbox for .{0,20} is full|(?:mailbox|mail ?folder|inbox|account|user)(?:'s)? (?:size|storage|quota)? ?limit .{0,20}(?:exceed|reach)|exhausted .{0,20}(?:storage|quota|space)|not enough storage space/,
  },
  {
    reason: 'mailbox-full',
    words:
      /postfach.{0,40}(?:voll|überfüllt|überschritten)|speicherplatz.{0,40}(?:erschöpft|überschritten)|bo[iî]te.{0,60}(?:pleine|saturée)|buz[oó]n.{0,40}llen[oa]|casella.{0,40}piena|caixa.{0,50}(?:cheia|lotada)|postvak.{0,30}\bvol\b|skrzynka.{0,40}(?:pełna|przepełniona)|ящик.{0,40}(?:переполнен|полон)|邮箱.{0,12}(?:已满|空间不足)|信箱.{0,12}已滿|メールボックス.{0,20}(?:一杯|いっぱい|容量)|(?:메일함|사서함|용량).{0,24}(?:초과|가득)|postafiók.{0,40}(?:megtelt|betelt)|(?:postboks|postkasse|innboks|brevlåda|inkorg).{0,30}(?:full|fuld)|(?:γραμματοκιβώτιο|θυρίδα).{0,40}(?:πλήρ|γεμάτ)|(?:postilaatikko).{0,30}täynnä|скриньк.{0,40}переповнен|התיבה.{0,24}מלאה/,
  },
  {
    reason: 'disabled',
    words:
      /(?:account|mailbox|user|recipient|address|inbox|alias).{0,40}(?:disabled|suspended|inactive|deactivated|not active|no longer active|\blocked|frozen|on hold|inactivity|dormant|sleeping|archived|overdue)|account.{0,20}expired|(?:disabled|suspended|inactive|deactivated|expired|dormant|archived) (?:e-?mail )?(?:account|mailbox|user|recipient|address)|(?:postfach|konto).{0,40}(?:deaktiviert|gesperrt)|(?:compte|bo[iî]te).{0,40}(?:désactivée?|suspendue?)|cuenta.{0,40}(?:deshabilitada|suspendida|inactiva)|ящик.{0,40}(?:заблокирован|отключ)/,
  },
  {
    reason: 'unknown-user',
    words:
      /(?:account|mailbox|user|recipient|address).{0,40}(?:closed|deleted|been removed|terminated|discontinued|no longer (?:exist|valid|in use|in service|accepts? (?:any )?(?:e-?mail|mail|messages?)(?! from))|not in use)/,
  },
  {
    reason: 'sender',
    words:
      /sender.{0,40}(?:reject|denied|refused|invalid|unknown|not found|not exist|verif|unauth|not allowed|blocked|not accept)|(?:from address|return.?path|envelope from).{0,40}(?:reject|invalid|not exist|not allowed)|domain of (?:your |the )?sender|client host rejected|find your (?:reverse )?host ?name|send as this sender|sending domain .{0,60}(?:authenticat|not meet|not pass)|\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated|not authenticated|authenticat\w{1,8} (?:is )?(?:required|failed|check)|reverse dns|\brdns\b|\bptr\b|\b[he][eh]lo\b.{0,30}(?:reject|invalid|requir)/,
  },
  {
    reason: 'blocked',
    words:
      /\bspam|junk ?mail|unsolicited|\bbulk mail|\bblocked\b|blocking|block ?list|blacklist|black list|denylist|deny list|\bbanned\b|reputation|polic(?:y|ies)\b|\blisted\b|\brbl\b|dnsbl|access denied|(?:not|n't|un) ?(?:allowed|permitted|authori[sz]ed)|notauthori[sz]ed|relay(?:ing)?.{0,20}(?:denied|not|prohibited|refused)|(?:unable|cannot|not able|refus\w{0,3}) to relay|cannot relay|do(?:es)? ?n[o']t accept .{0,20}(?:mail|messages?) from|virus|malware|phishing|gr[ea]ylist|rate limit|too many (?:connections|messages|recipients|errors|concurrent)|throttl|suspicious|content filter|administrative|filter(?:ed|ing)|security|restricted|unverified address|\b(?:dt|hl|mi|rp):[a-z]{3}\b|rejected by (?:the )?(?:destination|recipient|remote) domain/,
  },
  {
    reason: 'blocked',
    words:
      /abgelehnt.{0,60}richtlinie|als spam|considéré.{0,20}(?:spam|indésirable)|correo no deseado|rechazado por.{0,20}política|спам|垃圾邮件|迷惑メール/,
  },
  {
    reason: 'loop',
    words:
      /too many hops|hop ?count|mail ?loop|mail(?:ing)? .{0,40}loops? (?:back|detected)|routing loop|loop(?:s|ing)? (?:detected|back)/,
  },
  {
    reason: 'too-big',
    words:
      /(?:message|mail|e-?mail|size|file).{0,40}(?:too (?:big|large)|exceed)|size limit|maximum (?:message )?size|nachricht.{0,30}zu groß|trop (?:volumineux|grand)|demasiado grande|слишком большо/,
  },
  {
    reason: 'content',
    words:
      /content (?:is )?(?:reject|denied|not)|attachment|(?:invalid|malformed|bad|missing) (?:mime|header|message|from header|date)|illegal (?:character|8bit|8-bit)|smtputf8|line too long|not rfc ?\d{3,4}/,
  },
  {
    reason: 'network',
    words:
      /not found,? try again|(?:dns|name ?server|name service|lookup|resolv\w{0,6}).{0,60}(?:time ?out|timed out|temporar|servfail|try again)|temporary (?:name|dns|lookup)|servfail|time ?out while .{0,20}look/,
  },
  {
    reason: 'unknown-host',
    words:
      /\bhost (?:or domain )?(?:name )?(?:~ )?(?:is |was )?(?:not found|unknown|invalid|not known)|unknown (?:mail )?host|non-existent hosts?|\bdomain(?: name)?.{0,40}(?:not found|n[o']t exist|non-?existent|invalid|unknown|not known|be found)|nxdomain|no such (?:domain|host)|unrout(?:e)?able|name or service not known|no mx\b|no mail exchanger|find a valid mx|non-?existent ?domain|no address associated with|find any host|no route to domain|bad destination (?:host|system)|(?:domain|rechner|server).{0,30}(?:existiert nicht|unbekannt)|domaine.{0,30}(?:inconnu|n'existe pas|introuvable)|dominio.{0,30}(?:no existe|desconocido|inesistente)|域名.{0,8}不存在|домен.{0,20}не (?:найден|существует)/,
  },
  {
    reason: 'no-mail',
    words:
      /(?:domain|host|server|system|~).{0,30}n[o']t accept (?:any )?(?:e-?mail|mail)(?! from)|null ?mx|mail is not accepted here|indicated no smtp service/,
  },
  {
    reason: 'moved',
    words:
      /(?:user|recipient|account|mailbox|addressee).{0,20}has moved|no forwarding address|user not local/,
  },
  {
    reason: 'unknown-user',
    words:
      /no such (?:user|mailbox|recipient|account|address|person|local|e-?mail|customer|alias|name)|(?:user|mailbox|recipient|recipients|account|address|addressee|alias).{0,40}(?:unknown|not found|notfound|not known|n[o']t exist|invalid|not recogni[sz]ed|not registered|non-?existent|not valid)|no longer (?:with|work\w{0,3}|employed)|(?:unknown|invalid|non-?existent|not a valid|not a known|no valid|bad|illegal|incorrect) .{0,24}(?:user|recipient|mailbox|account|address|local part|localpart|alias|customer)|user ?unknown|n[o']t exist|no (?:mailbox|user|account|recipient|one) (?:record )?(?:here|by that|with that|found)|not in my validrcptto|not our (?:customer|user)|(?:was|were|could|can)(?: ?n[o']t| not) (?:be )?(?:found|recogni[sz]ed)|nosuchuser|recipientnotfound|who are you looking for|delivery error: dd|account is not (?:available|here)|mailbox not available here/,
  },
  {
    reason: 'unknown-user',
    words:
      /(?:benutzer|empf(?:ä|ae)nger\w{0,8}|adresse|postfach|mailadresse).{0,40}(?:unbekannt|nicht (?:bekannt|gefunden)|existiert nicht|nicht vorhanden|ungültig)|(?:unbekannte[rns]?|ungültige[rns]?) (?:benutzer|empfänger|adresse)|(?:utilisateur|destinataire|adresse|compte|bo[iî]te).{0,40}(?:inconnue?|n'existe pas|introuvable|non trouvée?|invalide)|(?:usuario|destinatario|cuenta|direcci[oó]n|buz[oó]n).{0,40}(?:desconocid[oa]|no existe|no encontrad[oa]|no se (?:ha )?encontr|inexistente)|(?:utente|indirizzo|destinatario|casella).{0,40}(?:sconosciut[oa]|inesistente|non esiste|non trovat[oa])|(?:usuário|destinatário|endereço|conta).{0,40}(?:desconhecid[oa]|não existe|não encontrad[oa]|inexistente)|(?:gebruiker|ontvanger|adres|geadresseerde).{0,40}(?:onbekend|bestaat niet|niet gevonden)/,
  },
  {
    reason: 'unknown-user',
    words:
      /(?:użytkownik|adres|adresat|skrzynka|konto).{0,40}(?:nie istnieje|nieznany|nie znaleziono)|(?:uživatel|adresa|schránka).{0,40}(?:neexistuje|neznám)|(?:пользовател|ящик|адрес|получател).{0,40}(?:не (?:найден|существует|зарегистрирован)|неизвест)|(?:kullanıcı|adres).{0,40}(?:bulunamadı|mevcut değil)|(?:användare|mottagare|adressen).{0,40}(?:okänd|finns inte|hittades inte)|(?:bruker|modtager|adressen).{0,40}(?:ukjent|ukendt|findes ikke|finnes ikke)|(?:用户|收件人|邮箱|地址).{0,20}不存在|找不到.{0,12}(?:收件人|用户)|(?:ユーザー?|宛先|アドレス).{0,24}(?:存在しません|不明|見つかりません)|宛先不明/,
  },
  {
    reason: 'unknown-user',
    words:
      /(?:수신자|사용자|메일 ?주소|계정).{0,24}(?:찾을 수 없|없습니다|존재하지 않)|존재하지 않는 .{0,8}(?:사용자|수신자|메일|계정|주소)|(?:címzett|felhasználó|postafiók).{0,40}(?:nem létezik|ismeretlen|nem található)|(?:παραλήπτης|χρήστης|διεύθυνση).{0,40}(?:δεν υπάρχει|δεν βρέθηκε|άγνωστ)|(?:vastaanottaja|käyttäjä|osoite).{0,40}(?:ei löydy|ei ole olemassa|tuntematon)|(?:користувач|адресат|скриньк).{0,40}(?:не (?:знайдено|існує|зареєстрован)|невідом)|(?:המשתמש|הנמען|הכתובת|התיבה).{0,24}(?:לא קיים|לא קיימת|לא נמצא)|(?:destinatarul|utilizatorul|adresa).{0,40}(?:nu există|necunoscut|inexistent)|(?:المستخدم|المستلم|العنوان).{0,24}(?:غير موجود|لا يوجد)/,
  },
  {
    reason: 'expired',
    words:
      /(?:retry|delivery) time ?(?:out)?.{0,20}(?:exceed|expired)|(?:message|mail|delivery).{0,30}expired|queue too long|too long in .{0,12}queue|could not be delivered (?:for|within|in)|retry timeout|not been delivered .{0,20}after/,
  },
  {
    reason: 'network',
    words:
      /connect(?:ion|ed)?.{0,40}(?:timed out|time ?out|refused|reset|dropped|lost|closed|failed)|timed out|time ?out|no answer from|(?:could|can|un).{0,6}(?:not|able to) connect|network (?:error|is unreachable|unreachable)|lost connection|no route to host|unreachable|not respond|greeting|name service error/,
  },
  {
    reason: 'system',
    words:
      /(?:insufficient|not enough) system|(?:local|configuration|config|internal|system|disk|database|software|server) (?:error|failure|problem)|temporary (?:failure|error|problem)|temporarily|try (?:again )?later|service (?:not available|unavailable)|insufficient resources|out of memory/,
  },
];

/** What codes mean where no words name a reason. `x` stands for 4 and 5; the first prefix that fits decides. */
export const CODE_ROWS: readonly (readonly [prefix: string, reason: BounceReason])[] = [
  ['x.1.10', 'unknown-user'],
  ['x.1.1', 'unknown-user'],
  ['x.1.2', 'unknown-host'],
  ['x.1.3', 'unknown-user'],
  ['x.1.6', 'moved'],
  ['x.1.7', 'sender'],
  ['x.1.8', 'sender'],
  ['x.2.1', 'disabled'],
  ['x.2.2', 'mailbox-full'],
  ['x.2.3', 'too-big'],
  ['x.3.4', 'too-big'],
  ['x.3', 'system'],
  ['x.4.6', 'loop'],
  ['x.4.7', 'expired'],
  ['x.4', 'network'],
  ['x.6', 'content'],
  ['x.7.25', 'sender'],
  ['x.7.26', 'sender'],
  ['x.7.27', 'sender'],
  ['x.7.29', 'sender'],
  ['x.7.515', 'sender'],
  ['x.7', 'blocked'],
  ['552', 'mailbox-full'],
  ['556', 'no-mail'],
];
