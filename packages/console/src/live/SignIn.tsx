/** For those who are not signed in yet. */
export function SignIn() {
  return <main className="empty alone">Sign in</main>;
}
