ALTER TABLE `parcels` ADD `arrives_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `parcels` ADD `reminded_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `parcels` ADD `undone_words` text DEFAULT '' NOT NULL;