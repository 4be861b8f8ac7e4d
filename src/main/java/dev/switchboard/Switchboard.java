package dev.switchboard;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The process: a gateway node. */
@SpringBootApplication
public class Switchboard {

	public static void main(String[] args) {
		SpringApplication.run(Switchboard.class, args);
	}

}
