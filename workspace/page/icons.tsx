/** The few icons of the page, drawn by hand. All are decoration: the control around one carries the name. */
import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      {children}
    </svg>
  );
}

/** What stands before the name of a place: a hash, or a lock where only members come in. */
export const PlaceIcon = ({ channel }: { channel: { readonly kind: string } }) =>
  channel.kind === 'private' ? <LockIcon /> : <HashIcon />;

export const HashIcon = () => (
  <Icon>
    <path d="M8 3 6.5 17M13.5 3 12 17M3.5 7.5h14M2.5 12.5h14" strokeLinecap="round" />
  </Icon>
);

export const LockIcon = () => (
  <Icon>
    <rect x="4.5" y="9" width="11" height="8" rx="1.5" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </Icon>
);

export const EyeIcon = () => (
  <Icon>
    <path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5Z" />
    <circle cx="10" cy="10" r="2.3" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" strokeLinecap="round" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M3 3.5 17.5 10 3 16.5 5 10 3 3.5Zm2 6.5h6" strokeLinejoin="round" />
  </Icon>
);

export const MenuIcon = () => (
  <Icon>
    <path d="M3 5.5h14M3 10h14M3 14.5h14" strokeLinecap="round" />
  </Icon>
);

export const DotsIcon = () => (
  <Icon>
    <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth="2.6" strokeLinecap="round" />
  </Icon>
);

export const ThreadIcon = () => (
  <Icon>
    <path d="M3 4h14v9.5H9L5.5 17v-3.5H3V4Z" strokeLinejoin="round" />
  </Icon>
);

export const WarnIcon = () => (
  <Icon>
    <path d="M10 3 18 16.5H2L10 3Zm0 5v4m0 2.2v.1" strokeLinecap="round" strokeLinejoin="round" />
  </Icon>
);

/** The app's picture: a court seen from above, with one hole to fill. */
export const CourtMark = () => (
  <svg viewBox="0 0 36 36" aria-hidden="true">
    <rect width="36" height="36" fill="#1d6b57" />
    <g fill="none" stroke="#f4e9d6" strokeWidth="2">
      <rect x="6" y="7" width="24" height="22" rx="2" />
      <path d="M6 13a8 8 0 0 1 0 10M30 13a8 8 0 0 0 0 10M18 7v22" />
    </g>
    <circle cx="18" cy="18" r="4.5" fill="#f08a3c" />
  </svg>
);
