/** Names that would do harm where they are taken for anything but text. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  "=cmd|' /C calc'!A0",
  '../../etc/passwd',
  '{{constructor.constructor("alert(4)")()}}',
  '[link](javascript:alert(5)) | `code` **bold**',
  '<!-- not a comment -->',
  'https://example.invalid/x.js',
] as const
