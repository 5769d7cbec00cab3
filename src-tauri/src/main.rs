//! Kontor's window: thin on purpose. It opens the window, keeps who is signed in, and touches the machine
//! (files, printers, keychain); everything else is one command, `call`, answered by the core.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod automation;
mod bulk;
mod clipboard;
mod desk;
mod drawing;
mod files;
mod papers;
mod place;
mod profiles;
mod reminders;
mod sign_in;
mod viewer;

use desk::Desk;
use kontor::Result;
use place::LastPlace;
use serde_json::Value;
use tauri::{DragDropEvent, Manager, RunEvent, State, WebviewUrl, WebviewWindowBuilder, WindowEvent};

/// Calls a command of the database as the person who is signed in.
#[tauri::command]
async fn call(desk: State<'_, Desk>, name: String, arguments: Value) -> Result<Value> {
    kontor::commands::call(&desk.database()?, &name, arguments).await
}

fn main() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KONTOR_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .manage(Desk::default())
        .manage(LastPlace::default())
        .invoke_handler(tauri::generate_handler![
            call,
            sign_in::profiles,
            sign_in::save_profile,
            sign_in::remove_profile,
            sign_in::sign_in,
            sign_in::signed_in,
            sign_in::stop_opening,
            sign_in::step_up,
            sign_in::sign_out,
            clipboard::clipboard_picture,
            files::pick_files,
            files::import_file,
            files::cancel_import,
            files::export_list,
            files::cancel_export,
            files::attach_file,
            files::attach_bytes,
            files::attachment_bytes,
            files::look_inside,
            files::part_bytes,
            files::save_file,
            files::reveal_path,
            papers::paper_pdf,
            papers::printers,
            papers::printer_choices,
            papers::print_paper,
            papers::job_state,
            papers::cancel_job,
            papers::letter_draft,
            papers::letter_mail,
            papers::payout_file,
            bulk::issue_run,
            bulk::save_papers,
            bulk::tax_sheet_file,
            bulk::tax_import_list,
            bulk::tax_attach,
            bulk::print_queue,
            bulk::print_labels,
            bulk::template_specimen,
            bulk::paper_twins,
            bulk::take_requests,
            files::payout_results,
            reminders::say_aloud,
            reminders::set_badge,
        ])
        .setup(|app| {
            open_window(app)?;
            #[cfg(unix)]
            tauri::async_runtime::spawn(leave_when_told(app.handle().clone()));
            Ok(())
        })
        .build(tauri::generate_context!())
        .expect("the window could not start");
    app.run(|handle, event| {
        // The private server belongs to this process; leaving it behind would keep its memory and its lock.
        if let RunEvent::Exit = event {
            tauri::async_runtime::block_on(handle.state::<Desk>().close());
            handle.state::<LastPlace>().keep();
            viewer::forget();
        }
    });
}

fn open_window(app: &tauri::App) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Kontor")
        .inner_size(1440.0, 900.0)
        .min_inner_size(1100.0, 700.0)
        .build()?;
    drawing::choose(&window);
    app.state::<LastPlace>().restore(&window);
    let handle = app.handle().clone();
    let seen = window.clone();
    window.on_window_event(move |event| match event {
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => handle.state::<Desk>().allow_reading(paths),
        WindowEvent::Moved(_) | WindowEvent::Resized(_) => handle.state::<LastPlace>().note(&seen),
        _ => {}
    });
    Ok(())
}

/// A log-out or `kill` ends the program as closing its window does: the private server is stopped, not left behind.
#[cfg(unix)]
async fn leave_when_told(handle: tauri::AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    handle.exit(0);
}
