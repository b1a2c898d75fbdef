//! Who may ask: an administrator, and ordinary users by the dozen who may nothing until somebody lets them.

/// A member of `system:masters`.
pub(crate) const ADMIN: &str = "admin";
/// An API server reads its users once, at its start: so many there are.
pub(crate) const ORDINARY: usize = 200;

/// The ordinary user with a number.
pub(crate) fn ordinary(number: usize) -> String {
    format!("user-{number}")
}

/// What proves to be a user. A secret of nothing: the server listens on this machine alone and lives for one test run.
pub(crate) fn token(user: &str) -> String {
    format!("token-of-{user}")
}

/// `token,user,uid,"groups"`
pub(crate) fn token_file() -> String {
    let mut text = format!("{},{ADMIN},{ADMIN},system:masters\n", token(ADMIN));
    for user in (0..ORDINARY).map(ordinary) {
        text.push_str(&format!("{},{user},{user}\n", token(&user)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_rules_and_the_others_are_in_no_group() {
        let file = token_file();
        let masters: Vec<&str> = file
            .lines()
            .filter(|line| line.contains("masters"))
            .collect();
        assert_eq!(masters, ["token-of-admin,admin,admin,system:masters"]);
        assert!(file.contains("\ntoken-of-user-7,user-7,user-7\n"));
    }
}
