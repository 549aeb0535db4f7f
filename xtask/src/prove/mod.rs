//! `cargo xtask test`: everything that proves the project, and a plain account of what was run and what was left out.

mod steps;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::command::{Failure, cargo, run as run_command, shown};

/// How a step ended.
enum Outcome {
    Passed(Duration),
    Failed(String),
    LeftOut(String),
}

/// Runs the steps; keeps going after a failure, so that one run tells everything.
pub(crate) fn run(root: &Path, only: &[String], list: bool) -> Result<ExitCode, Failure> {
    let steps = steps::all();
    if list {
        for step in &steps {
            println!("{:<12} {}", step.name, step.what);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(unknown) = only.iter().find(|name| steps.iter().all(|s| s.name != name.as_str())) {
        return Err(Failure::CannotRun(format!(
            "there is no step `{unknown}`; `cargo xtask test --list` shows the steps"
        )));
    }
    let mut outcomes = Vec::new();
    for step in &steps {
        if !only.is_empty() && !only.iter().any(|name| name == step.name) {
            continue;
        }
        println!("\n==> {}: {}", step.name, step.what);
        let outcome = perform(step, root);
        match &outcome {
            Outcome::Passed(_) => {}
            Outcome::Failed(why) => println!("failed: {why}"),
            Outcome::LeftOut(why) => println!("left out: {why}"),
        }
        outcomes.push((step, outcome));
    }
    Ok(summary(&outcomes))
}

fn perform(step: &steps::Step, root: &Path) -> Outcome {
    let start = Instant::now();
    let plan = match (step.plan)(root) {
        Ok(plan) => plan,
        Err(steps::Obstacle::LeftOut(why)) => return Outcome::LeftOut(why),
        Err(steps::Obstacle::Failed(why)) => return Outcome::Failed(why),
    };
    for mut command in plan.one_by_one {
        println!("    {}", shown(&command));
        if let Err(failure) = run_command(&mut command) {
            return Outcome::Failed(failure.sentence().to_owned());
        }
    }
    match run_together(plan.together) {
        Ok(()) => Outcome::Passed(start.elapsed()),
        Err(why) => Outcome::Failed(why),
    }
}

/// Runs all of them at the same time, each to its end; what each printed is shown when it has ended. The first failure, in their order.
fn run_together(commands: Vec<Command>) -> Result<(), String> {
    std::thread::scope(|scope| {
        let running: Vec<_> = commands
            .into_iter()
            .map(|mut command| {
                println!("    {}", shown(&command));
                scope.spawn(move || (command.stdin(Stdio::null()).output(), command))
            })
            .collect();
        let mut result = Ok(());
        for thread in running {
            let (output, command) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let why = match output {
                Ok(output) => {
                    print!("{}", String::from_utf8_lossy(&output.stdout));
                    eprint!("{}", String::from_utf8_lossy(&output.stderr));
                    (!output.status.success()).then(|| format!("`{}` failed ({})", shown(&command), output.status))
                }
                Err(error) => Some(format!("cannot start `{}`: {error}", shown(&command))),
            };
            if let (Ok(()), Some(why)) = (&result, why) {
                result = Err(why);
            }
        }
        result
    })
}

fn summary(outcomes: &[(&steps::Step, Outcome)]) -> ExitCode {
    println!("\nWhat was run:");
    for (step, outcome) in outcomes {
        match outcome {
            Outcome::Passed(time) => {
                println!("  passed    {:<12} {:>6.1} s  {}", step.name, time.as_secs_f64(), step.what)
            }
            Outcome::Failed(why) => println!("  FAILED    {:<12} {why}", step.name),
            Outcome::LeftOut(_) => {}
        }
    }
    let left_out: Vec<_> = outcomes
        .iter()
        .filter_map(|(step, outcome)| match outcome {
            Outcome::LeftOut(why) => Some((step.name, why)),
            _ => None,
        })
        .collect();
    if left_out.is_empty() {
        println!("Nothing was left out.");
    } else {
        println!("What was left out:");
        for (name, why) in left_out {
            println!("  left out  {name:<12} {why}");
        }
    }
    let failed = outcomes.iter().filter(|(_, o)| matches!(o, Outcome::Failed(_))).count();
    if failed == 0 {
        println!("All that was run passed.");
        ExitCode::SUCCESS
    } else {
        println!("{failed} of {} steps failed.", outcomes.len());
        ExitCode::from(1)
    }
}

/// `cargo xtask bench`.
pub(crate) fn bench(root: &Path, arguments: &[String]) -> Result<ExitCode, Failure> {
    for package in ["parakit", "parakit-harness"] {
        let mut command = cargo(root);
        command.args(["bench", "--package", package, "--all-features", "--benches", "--"]).args(arguments);
        run_command(&mut command)?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_commands_that_run_together_a_failure_is_told_and_all_are_run() {
        let folder = tempfile::tempdir().unwrap();
        let sh = |script: String| {
            let mut command = Command::new("sh");
            command.arg("-c").arg(script);
            command
        };
        // Each waits for what the other makes.
        let [one, other] = ["one", "other"].map(|name| folder.path().join(name).display().to_string());
        let meet = |mine: &str, theirs: &str, status: u8| {
            sh(format!("touch {mine}; until [ -e {theirs} ]; do sleep 0.01; done; exit {status}"))
        };
        assert_eq!(run_together(vec![meet(&one, &other, 0), meet(&other, &one, 0)]), Ok(()));
        let why = run_together(vec![meet(&one, &other, 0), meet(&other, &one, 3)]).unwrap_err();
        assert!(why.ends_with("failed (exit status: 3)"), "{why}");
        let why = run_together(vec![Command::new("nowhere/program")]).unwrap_err();
        assert!(why.starts_with("cannot start `program`: "), "{why}");
    }
}
